import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
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
 * Gives each input its import name. With proto paths, as protoc does: relative to the first that holds the file. Without,
 * the root is found from the files themselves (see {@link findNaturalRoots}).
 *
 * @throws GenStubsError GS2002 for files outside every proto path, GS2005 where two files get one name.
 */
export function rootInputs(inputs: readonly InputFile[], protoPaths: readonly string[], cwd: string): RootedInputs {
  if (protoPaths.length === 0) {
    const roots = findNaturalRoots(inputs.map(scan));
    return named(inputs, (file) => roots.rootOf.get(file.path), roots.searchRoots, cwd);
  }
  const given = protoPaths.map((path) => resolve(cwd, path));
  return named(inputs, (file) => given.find((root) => isInside(root, file.path)), given, cwd);
}

function scan(input: InputFile): ScannedInput {
  return { ...input, head: scanProto(readFileSync(input.path, "utf8")) };
}

function named(
  inputs: readonly InputFile[],
  rootOf: (file: InputFile) => string | undefined,
  roots: readonly string[],
  cwd: string,
): RootedInputs {
  const faults: Fault[] = [];
  const files: NamedProto[] = [];
  const pathByName = new Map<string, string>();
  for (const input of inputs) {
    const shown = displayPath(input.path, cwd);
    const root = rootOf(input);
    if (root === undefined) {
      faults.push({
        code: "GS2002",
        message: "the file lies outside every --proto-path given",
        file: shown,
        hint: `add -I ${displayPath(input.folder ?? dirname(input.path), cwd)}`,
      });
      continue;
    }
    const name = relative(root, input.path).split(sep).join("/");
    // protoc reads the file that the first root holds under that name.
    const other = pathByName.get(name) ?? shadow(roots, name, input.path);
    if (other !== undefined) {
      faults.push({
        code: "GS2005",
        message: `it has the same import name, "${name}", as ${displayPath(other, cwd)}`,
        file: shown,
        hint: "generate them into separate folders, or give the folder above both with -I",
      });
      continue;
    }
    pathByName.set(name, input.path);
    files.push({ path: input.path, name });
  }
  throwFaults(faults);
  return { roots, files };
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

/** A path as a user would write it: relative where it lies below the current folder. */
export function displayPath(path: string, cwd: string): string {
  if (path === cwd) return ".";
  return isInside(cwd, path) ? relative(cwd, path) : path;
}
