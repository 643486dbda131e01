import { statSync } from "node:fs";

/** What files were at some moment, by path: enough to tell that one was written since. */
export type FileStates = ReadonlyMap<string, string>;

/** Folders are passed by: they change with everything that is written into them. */
export function fileStates(paths: Iterable<string>): FileStates {
  const states = new Map<string, string>();
  for (const path of paths) {
    const state = stateOf(path);
    if (state !== undefined) states.set(path, state);
  }
  return states;
}

/** The files that are no longer what they were, or were removed. */
export function changedFiles(states: FileStates): readonly string[] {
  return [...states].filter(([path, state]) => stateOf(path) !== state).map(([path]) => path);
}

function stateOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return "";
  return stats.isFile() ? `${stats.ino} ${stats.size} ${stats.mtimeNs}` : undefined;
}
