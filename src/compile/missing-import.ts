import { existsSync, readdirSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { type ImportSource, importSources } from "./known-imports.js";
import { displayPath } from "./paths.js";

/** Says what would bring an import that was not found, if anything is known. */
export type ImportHelp = (name: string) => string | undefined;

// Looking through a tree is help, not work: it ends after so many entries.
const maxEntries = 50_000;

/** Help for missing imports of a project: from its own tree, from installed packages, from a list of well-known ones. */
export function importHelp(cwd: string): ImportHelp {
  let protos: readonly string[] | undefined;
  return (name) => {
    protos ??= listProtos(cwd);
    const tail = sep + name.split("/").join(sep);
    const found = protos.filter((path) => path.endsWith(tail)).sort((a, b) => a.length - b.length)[0];
    if (found !== undefined) return `add -I ${quoted(displayPath(found.slice(0, -tail.length), cwd))}`;
    const source = importSources.find((entry) => name.startsWith(entry.prefix));
    return source === undefined ? sameName(protos, name, cwd) : fromSource(source, name, cwd);
  };
}

function fromSource(source: ImportSource, name: string, cwd: string): string | undefined {
  if (source.npm === undefined) return source.advice;
  const folder = join("node_modules", source.npm.name, source.npm.folder);
  for (let base = cwd; ; base = dirname(base)) {
    if (existsSync(join(base, folder, name))) return `add -I ${quoted(displayPath(join(base, folder), cwd))}`;
    if (base === dirname(base)) break;
  }
  return `the npm package "${source.npm.name}" has it: npm install -D ${source.npm.name}, then add -I ${folder.split(sep).join("/")}`;
}

/** Not under that name, but perhaps under another. */
function sameName(protos: readonly string[], name: string, cwd: string): string | undefined {
  const last = sep + name.slice(name.lastIndexOf("/") + 1);
  const near = protos.filter((path) => path.endsWith(last));
  if (near.length === 0)
    return "no file below the current folder has that name; add -I with the folder the import is relative to";
  const shown = near.slice(0, 3).map((path) => displayPath(path, cwd));
  return `did you mean ${shown.join(" or ")}? An import is relative to a proto path (-I)`;
}

function listProtos(cwd: string): readonly string[] {
  const found: string[] = [];
  const open = [cwd];
  let seen = 0;
  for (let folder = open.shift(); folder !== undefined && seen < maxEntries; folder = open.shift()) {
    for (const entry of readEntries(folder)) {
      seen++;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules" && !entry.name.startsWith(".")) open.push(path);
      } else if (entry.name.endsWith(".proto")) found.push(path);
    }
  }
  return found;
}

function readEntries(folder: string): ReturnType<typeof readAll> {
  try {
    return readAll(folder);
  } catch {
    return [];
  }
}

const readAll = (folder: string) => readdirSync(folder, { withFileTypes: true });

function quoted(path: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(path) ? path : `"${path}"`;
}
