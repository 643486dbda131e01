import { readdirSync } from "node:fs";
import { join } from "node:path";

// Looking through a tree is help, not work: it ends after so many entries.
const maxEntries = 50_000;

/** The `.proto` files below some folders, nearest first; `node_modules` and folders beginning with a dot are passed over. */
export function listProtos(folders: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const open = [...folders];
  let seen = 0;
  for (let folder = open.shift(); folder !== undefined && seen < maxEntries; folder = open.shift()) {
    for (const entry of readEntries(folder)) {
      seen++;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules" && !entry.name.startsWith(".")) open.push(path);
      } else if (entry.name.endsWith(".proto")) found.add(path);
    }
  }
  return [...found];
}

function readEntries(folder: string): ReturnType<typeof readAll> {
  try {
    return readAll(folder);
  } catch {
    return [];
  }
}

const readAll = (folder: string) => readdirSync(folder, { withFileTypes: true });
