import { type Dirent, lstatSync, readdirSync, type Stats, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Fault, throwFaults } from "../errors/gen-stubs-error.js";
import { isFolder } from "../process/make-folder.js";
import { errnoOf } from "../process/run-process.js";
import type { Exclude } from "./exclude.js";
import { nearPath } from "./near-path.js";
import { displayPath, isInside } from "./paths.js";
import type { ProtoRoot } from "./proto-root.js";
import { type RealPath, realPaths } from "./real-paths.js";

/** A `.proto` file to generate from, and the argument that named it. */
export interface InputFile {
  /** Absolute path, as it was found: perhaps through links. */
  readonly path: string;
  /** Its real path, which tells whether two paths are one file. */
  readonly real: string;
  /** Absolute path of the folder given, or `undefined` where the file itself was given. */
  readonly folder: string | undefined;
}

const skipped: ReadonlySet<string> = new Set(["node_modules", ".git", ".hg", ".svn"]);

/**
 * The `.proto` files behind the arguments, sorted, each once, however many paths lead to it: files as they are, folders
 * searched through. `node_modules` and the folders of version control are skipped below a folder; symbolic links are
 * followed, but not to a folder that the one given lies in.
 *
 * @param exclude what is left out of folders; files given by themselves count always
 * @throws GenStubsError GS1005 for each path that cannot be read.
 */
export function findInputs(paths: readonly string[], cwd: string, exclude: Exclude): readonly InputFile[] {
  const found = new Map<string, InputFile>();
  const faults: Fault[] = [];
  const realOf = realPaths();
  for (const given of paths) {
    const path = resolve(cwd, given);
    try {
      const stats = statSync(path);
      if (stats.isDirectory()) {
        for (const file of walkProtos(path, exclude, realOf)) if (!found.has(file.real)) found.set(file.real, file);
      } else if (stats.isFile() && given.endsWith(".proto")) {
        const real = realOf(path) ?? path;
        if (!found.has(real)) found.set(real, { path, real, folder: undefined });
      } else {
        faults.push({
          code: "GS1005",
          message: `"${given}" is neither a folder nor a .proto file`,
          hint: "give .proto files or folders that hold them; a descriptor set goes to --descriptor-set",
        });
      }
    } catch (error) {
      faults.push(unreadable(given, cwd, error));
    }
  }
  throwFaults(faults);
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Reads proto paths: folders, or `VIRTUAL=DISK` as protoc takes it (a folder whose own name has a `=` in it is a folder).
 *
 * @throws GenStubsError GS1005 for what is no folder.
 */
export function readProtoPaths(paths: readonly string[], cwd: string): readonly ProtoRoot[] {
  const faults: Fault[] = [];
  const roots = paths.map((given): ProtoRoot => {
    const { virtual, disk } = splitProtoPath(given, cwd);
    const folder = resolve(cwd, disk);
    if (!isFolder(folder)) faults.push(noFolder(disk, folder, cwd, disk === given ? undefined : given));
    return { virtual: virtual.replace(/^\/+|\/+$/g, ""), folder };
  });
  throwFaults(faults);
  return roots;
}

/** The parts of a proto path as they are given; `virtual` is `""` for a plain folder. */
export function splitProtoPath(given: string, cwd: string): { readonly virtual: string; readonly disk: string } {
  const equals = given.indexOf("=");
  if (equals < 0 || isFolder(resolve(cwd, given))) return { virtual: "", disk: given };
  return { virtual: given.slice(0, equals), disk: given.slice(equals + 1) };
}

function noFolder(shown: string, path: string, cwd: string, whole?: string): Fault {
  const there = statSync(path, { throwIfNoEntry: false }) !== undefined;
  const why = there ? "is no folder" : `does not exist${nearPath(shown, cwd)}`;
  const of = whole === undefined ? "" : ` (of "${whole}")`;
  return { code: "GS1005", message: `--proto-path: "${shown}"${of} ${why}` };
}

function unreadable(given: string, cwd: string, error: unknown): Fault {
  const code = errnoOf(error);
  const missing = code === "ENOENT" || code === "ENOTDIR";
  const path = resolve(cwd, given);
  // What lies below the folder given may be what cannot be read.
  const below = error instanceof Error && "path" in error && typeof error.path === "string" ? error.path : path;
  const shown = below === path ? given : displayPath(below, cwd);
  let message = `"${shown}" cannot be read (${code ?? String(error)})`;
  if (missing) {
    message = isLink(path) ? `"${given}" is a link to nothing` : `"${given}" does not exist${nearPath(given, cwd)}`;
  }
  const pattern = missing && /[*?[{]/.test(given);
  return { code: "GS1005", message, ...(pattern ? { hint: "patterns are not expanded: give the folder itself" } : {}) };
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function walkProtos(top: string, exclude: Exclude, realOf: RealPath): readonly InputFile[] {
  const files: InputFile[] = [];
  const realTop = realOf(top) ?? top;
  const visited = new Set<string>();
  // Links come last, so that a file has the path without a link where there is one.
  const open = [{ path: top, real: realTop }];
  const links: string[] = [];
  const linkedFiles: InputFile[] = [];
  for (let next = open.pop(); next !== undefined; next = open.pop() ?? nextLink(links, realTop, realOf)) {
    if (visited.has(next.real)) continue;
    visited.add(next.real);
    for (const entry of readdirSync(next.path, { withFileTypes: true })) {
      const path = join(next.path, entry.name);
      if (exclude(path, top) || skipped.has(entry.name)) continue;
      const kind = kindOf(entry, path);
      if (kind === "folder" && entry.isSymbolicLink()) links.push(path);
      else if (kind === "folder") open.push({ path, real: join(next.real, entry.name) });
      else if (kind === "file" && entry.name.endsWith(".proto")) {
        if (entry.isSymbolicLink()) linkedFiles.push({ path, real: realOf(path) ?? path, folder: top });
        else files.push({ path, real: join(next.real, entry.name), folder: top });
      }
    }
  }
  return [...files, ...linkedFiles];
}

/** A link to a folder above would make everything an input that lies there. */
function nextLink(
  links: string[],
  top: string,
  realOf: RealPath,
): { readonly path: string; readonly real: string } | undefined {
  for (let path = links.shift(); path !== undefined; path = links.shift()) {
    const real = realOf(path);
    if (real !== undefined && real !== top && !isInside(real, top)) return { path, real };
  }
  return undefined;
}

function kindOf(entry: Dirent, path: string): "file" | "folder" | undefined {
  const stats: Dirent | Stats | undefined = entry.isSymbolicLink() ? linked(path) : entry;
  if (stats?.isDirectory() === true) return "folder";
  return stats?.isFile() === true ? "file" : undefined;
}

/** What a link leads to; `undefined` where it leads nowhere, or back to itself. */
function linked(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (errnoOf(error) === "ELOOP") return undefined;
    throw error;
  }
}
