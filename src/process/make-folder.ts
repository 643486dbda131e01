import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { errnoOf } from "./run-process.js";

/**
 * Makes a folder, and those above it that are missing. Node's own way (`recursive`) tries for ever where a file system refuses with
 * ENOENT although the folder above is there, as /proc does.
 *
 * @returns the topmost folder that was made; undefined where all were there
 * @throws Error of the file system
 */
export function makeFolder(path: string): string | undefined {
  if (isFolder(path)) return undefined;
  const above = dirname(path);
  const made = above === path ? undefined : makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (errnoOf(error) === "EEXIST" && isFolder(path)) return made;
    throw error;
  }
  return made ?? path;
}

/** Whether a folder is there; links are followed. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
