import { relative, sep } from "node:path";

/** Whether `path` lies below `folder`; both absolute. */
export function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** A path as a user would write it: relative where it lies below the current folder. */
export function displayPath(path: string, cwd: string): string {
  if (path === cwd) return ".";
  return isInside(cwd, path) ? relative(cwd, path) : path;
}
