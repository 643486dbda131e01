import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { type Fault, throwFaults } from "../errors/gen-stubs-error.js";
import type { InputFile } from "./inputs.js";
import { findNaturalRoots, type ScannedInput } from "./natural-roots.js";
import { scanProto } from "./proto-scan.js";

/** A `.proto` file with the name others import it by. */
export interface NamedProto {
  readonly path: string;
  readonly name: string;
}

export interface RootedInputs {
  /** Absolute folders that imports are looked up in, in order. */
  readonly roots: readonly string[];
  readonly files: readonly NamedProto[];
}

/**
 * Gives each input its import name: relative to the first proto path that holds it, as protoc does. For files below none of
 * them the root is found from the files themselves (see {@link findNaturalRoots}), so that a proto path for other people's
 * files can be given without one for one's own.
 *
 * @throws GenStubsError GS2005 where two files get one name.
 */
export function rootInputs(inputs: readonly InputFile[], protoPaths: readonly string[], cwd: string): RootedInputs {
  const given = protoPaths.map((path) => resolve(cwd, path));
  const rootOf = new Map<string, string>();
  const rest: InputFile[] = [];
  for (const input of inputs) {
    const root = given.find((folder) => isInside(folder, input.path));
    if (root === undefined) rest.push(input);
    else rootOf.set(input.path, root);
  }
  const natural = findNaturalRoots(rest.map(scan), given);
  for (const [path, root] of natural.rootOf) rootOf.set(path, root);
  const roots = [...new Set([...given, ...natural.searchRoots])];
  return { roots, files: nameFiles(inputs, rootOf, roots, cwd) };
}

function scan(input: InputFile): ScannedInput {
  return { ...input, head: scanProto(readFileSync(input.path, "utf8")) };
}

function nameFiles(
  inputs: readonly InputFile[],
  rootOf: ReadonlyMap<string, string>,
  roots: readonly string[],
  cwd: string,
): readonly NamedProto[] {
  const faults: Fault[] = [];
  const files: NamedProto[] = [];
  const pathByName = new Map<string, string>();
  for (const { path } of inputs) {
    const name = relative(rootOf.get(path) ?? cwd, path)
      .split(sep)
      .join("/");
    // protoc reads the file that the first root holds under that name.
    const other = pathByName.get(name) ?? shadow(roots, name, path);
    if (other === undefined) {
      pathByName.set(name, path);
      files.push({ path, name });
      continue;
    }
    faults.push({
      code: "GS2005",
      message: `it has the same import name, "${name}", as ${displayPath(other, cwd)}`,
      file: displayPath(path, cwd),
      hint: "generate them into separate folders, or give the folder above both with -I",
    });
  }
  throwFaults(faults);
  return files;
}

function shadow(roots: readonly string[], name: string, path: string): string | undefined {
  for (const root of roots) {
    const candidate = join(root, name);
    if (candidate === path) return undefined;
    if (existsSync(candidate)) return candidate;
  }
  return undefined;
}

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
