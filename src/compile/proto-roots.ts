import { dirname } from "node:path";
import { type Fault, throwFaults } from "../errors/gen-stubs-error.js";
import { type BufConfig, moduleOf } from "./buf-modules.js";
import { defaultRoot } from "./default-root.js";
import { goModules } from "./go-module.js";
import type { InputFile } from "./inputs.js";
import { findNaturalRoots, type Naming, type ScannedInput } from "./natural-roots.js";
import { displayPath, isInside } from "./paths.js";
import { nameIn, type ProtoRoot, pathIn } from "./proto-root.js";
import type { ProtoSources } from "./proto-sources.js";
import { type RealPath, realPaths } from "./real-paths.js";
import { workspaceRoot } from "./workspace.js";

/** A `.proto` file with the name others import it by. */
export interface NamedProto {
  readonly path: string;
  readonly name: string;
  readonly real: string;
}

export interface RootedInputs {
  /** What imports are looked up in, in order. */
  readonly roots: readonly ProtoRoot[];
  /** Those of them that hold the files. */
  readonly inputRoots: readonly ProtoRoot[];
  readonly files: readonly NamedProto[];
}

/** What names of inputs depend on, beside their own text. */
export interface RootContext {
  /** The proto paths given. */
  readonly given: readonly ProtoRoot[];
  /** The buf configuration that governs the inputs, where buf itself is not used. */
  readonly buf: BufConfig | undefined;
  readonly sources: ProtoSources;
  readonly cwd: string;
}

/**
 * Gives each input its import name: relative to the first proto path that holds it, as protoc does. For files below none of
 * them the root is found from the files themselves (see {@link findNaturalRoots}), so that a proto path for other people's
 * files can be given without one for one's own.
 *
 * @throws GenStubsError GS2005 where two files get one name.
 */
export function rootInputs(inputs: readonly InputFile[], context: RootContext): RootedInputs {
  const { given, cwd } = context;
  const realOf = realPaths(inputs);
  const namings = new Map<string, Naming>();
  const rest: InputFile[] = [];
  for (const input of inputs) {
    const naming = namingBy(given, input, realOf);
    if (naming === undefined) rest.push(input);
    else namings.set(input.real, naming);
  }
  const scanned = scanInputs(rest, context);
  const natural = findNaturalRoots(scanned, { given, realOf, goModule: goModules() });
  for (const [real, naming] of natural.namings) namings.set(real, naming);
  const roots = distinct([...given, ...natural.searchRoots]);
  const inputRoots = distinct([...namings.values()].map(({ root }) => root));
  return { roots, inputRoots, files: nameFiles(inputs, namings, roots, realOf, cwd) };
}

/** By the first proto path that the file lies below: as its path is written, else as it really is. */
function namingBy(given: readonly ProtoRoot[], { path, real }: InputFile, realOf: RealPath): Naming | undefined {
  for (const root of given) {
    const name = nameIn(root, path);
    if (name !== undefined) return { root, name };
  }
  for (const root of given) {
    const name = nameIn({ ...root, folder: realOf(root.folder) ?? root.folder }, real);
    if (name !== undefined) return { root, name };
  }
  return undefined;
}

function scanInputs(inputs: readonly InputFile[], { buf, cwd, sources }: RootContext): readonly ScannedInput[] {
  const boundaries = new Map<string, string | undefined>();
  const boundaryOf = (path: string): string | undefined => {
    const folder = dirname(path);
    if (!boundaries.has(folder)) {
      boundaries.set(folder, workspaceRoot(folder) ?? (isInside(cwd, path) ? cwd : undefined));
    }
    return boundaries.get(folder);
  };
  return inputs.map((input) => {
    const head = sources.head(input.path);
    const module = buf === undefined ? undefined : moduleOf(buf, input.path);
    return { ...input, head, start: module?.folder ?? defaultRoot(input, head, boundaryOf(input.path)) };
  });
}

function nameFiles(
  inputs: readonly InputFile[],
  namings: ReadonlyMap<string, Naming>,
  roots: readonly ProtoRoot[],
  realOf: RealPath,
  cwd: string,
): readonly NamedProto[] {
  const faults: Fault[] = [];
  const files: NamedProto[] = [];
  const pathByName = new Map<string, string>();
  for (const { path, real } of inputs) {
    const name = namings.get(real)?.name ?? displayPath(path, cwd);
    // protoc reads the file that the first root holds under that name.
    const other = pathByName.get(name) ?? shadow(roots, name, real, realOf);
    if (other === undefined) {
      pathByName.set(name, path);
      files.push({ path, name, real });
      continue;
    }
    faults.push({
      code: "GS2005",
      message: `it has the same import name, "${name}", as ${displayPath(other, cwd)}`,
      file: displayPath(path, cwd),
      hint: "leave one of them out with --exclude, generate them into separate folders, or give the folder above both with -I",
    });
  }
  throwFaults(faults);
  return files;
}

function shadow(roots: readonly ProtoRoot[], name: string, real: string, realOf: RealPath): string | undefined {
  for (const root of roots) {
    const candidate = pathIn(root, name);
    const found = candidate === undefined ? undefined : realOf(candidate);
    if (found !== undefined) return found === real ? undefined : candidate;
  }
  return undefined;
}

function distinct(roots: readonly ProtoRoot[]): readonly ProtoRoot[] {
  return [...new Map(roots.map((root) => [`${root.virtual}=${root.folder}`, root])).values()];
}
