import { type Dirent, readdirSync, type Stats, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Fault, throwFaults } from "../errors/gen-stubs-error.js";
import { errnoOf } from "../process/run-process.js";
import { nearPath } from "./near-path.js";

/** A `.proto` file to generate from, and the argument that named it. */
export interface InputFile {
  /** Absolute path. */
  readonly path: string;
  /** Absolute path of the folder given, or `undefined` where the file itself was given. */
  readonly folder: string | undefined;
}

const skipped: ReadonlySet<string> = new Set(["node_modules", ".git", ".hg", ".svn"]);

/**
 * The `.proto` files behind the arguments, sorted: files as they are, folders searched through. `node_modules` and the
 * folders of version control are skipped below a folder; symbolic links to files count, links to folders are not followed.
 *
 * @throws GenStubsError GS1005 for each path that cannot be read.
 */
export function findInputs(paths: readonly string[], cwd: string): readonly InputFile[] {
  const found = new Map<string, InputFile>();
  const faults: Fault[] = [];
  for (const given of paths) {
    const path = resolve(cwd, given);
    try {
      const stats = statSync(path);
      if (stats.isDirectory()) {
        for (const file of walkProtos(path)) if (!found.has(file)) found.set(file, { path: file, folder: path });
      } else if (stats.isFile() && given.endsWith(".proto")) {
        if (!found.has(path)) found.set(path, { path, folder: undefined });
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
 * Checks that the proto paths are folders.
 *
 * @throws GenStubsError GS1005.
 */
export function checkProtoPaths(paths: readonly string[], cwd: string): void {
  throwFaults(
    paths.flatMap((given): Fault[] => {
      const stats = statSync(resolve(cwd, given), { throwIfNoEntry: false });
      if (stats?.isDirectory() === true) return [];
      const why = stats === undefined ? `does not exist${nearPath(given, cwd)}` : "is no folder";
      return [{ code: "GS1005", message: `--proto-path: "${given}" ${why}` }];
    }),
  );
}

function unreadable(given: string, cwd: string, error: unknown): Fault {
  const code = errnoOf(error);
  const missing = code === "ENOENT" || code === "ENOTDIR";
  const message = missing
    ? `"${given}" does not exist${nearPath(given, cwd)}`
    : `"${given}" cannot be read (${code ?? String(error)})`;
  const pattern = missing && /[*?[{]/.test(given);
  return { code: "GS1005", message, ...(pattern ? { hint: "patterns are not expanded: give the folder itself" } : {}) };
}

function walkProtos(folder: string): readonly string[] {
  const files: string[] = [];
  const open = [folder];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    for (const entry of readdirSync(current, { withFileTypes: true })) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) open.push(path);
      } else if (entry.name.endsWith(".proto") && isFile(entry, path)) files.push(path);
    }
  }
  return files;
}

function isFile(entry: Dirent, path: string): boolean {
  if (entry.isFile()) return true;
  if (!entry.isSymbolicLink()) return false;
  const target: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  return target?.isFile() ?? false;
}
