import { relative, sep } from "node:path";

/** Whether `path` lies below `folder`; both absolute. */
export function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** A path as a user would write it: relative to the current folder, unless it lies so far off that the whole path is shorter. */
export function displayPath(path: string, cwd: string): string {
  if (path === cwd) return ".";
  const near = relative(cwd, path);
  return near.length <= path.length ? near : path;
}
