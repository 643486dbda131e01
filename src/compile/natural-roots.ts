import { dirname, sep } from "node:path";
import type { GoModule } from "./go-module.js";
import type { InputFile } from "./inputs.js";
import { isInside } from "./paths.js";
import { nameIn, type ProtoRoot, pathIn } from "./proto-root.js";
import type { ProtoHead } from "./proto-scan.js";
import type { RealPath } from "./real-paths.js";

export interface ScannedInput extends InputFile {
  readonly head: ProtoHead;
  /** The root it has where no import says otherwise. */
  readonly start: string;
}

/** A file's import name, and the root that it is relative to. */
export interface Naming {
  readonly root: ProtoRoot;
  readonly name: string;
}

export interface NaturalRoots {
  /** Naming of each input, by its real path. */
  readonly namings: ReadonlyMap<string, Naming>;
  /** All roots to look imports up in, the innermost first. */
  readonly searchRoots: readonly ProtoRoot[];
}

/** What the search asks of the world around the inputs. */
export interface Surroundings {
  /** Proto paths of the user's: what they hold says nothing about the roots of other files. */
  readonly given: readonly ProtoRoot[];
  readonly realOf: RealPath;
  readonly goModule: (folder: string) => GoModule | undefined;
}

// How far above the folder given a root is looked for.
const maxClimb = 8;

interface Vote extends Naming {
  count: number;
}

/**
 * Finds the roots that the inputs' imports are relative to, where no proto path was given.
 *
 * An input's own start is its root, unless the files say otherwise: where an import names a file that lies deeper or higher
 * ("acme/v1/a.proto", found at `api/proto/acme/v1/a.proto`), the folder in front of that name is; where it begins with the
 * path of the Go module that the file lies in, the module's folder is, behind that path. Which file an import leads to is
 * told by real paths, so that a link is no second file.
 */
export function findNaturalRoots(inputs: readonly ScannedInput[], around: Surroundings): NaturalRoots {
  const byReal = new Map(inputs.map((input) => [input.real, input]));
  const bySuffix = groupByName(inputs);
  const votes = new Map<string, Map<string, Vote>>();
  const vote = (real: string, root: ProtoRoot, name: string): void => {
    const roots = votes.get(real) ?? new Map<string, Vote>();
    const key = `${root.virtual}=${root.folder}`;
    const before = roots.get(key);
    if (before === undefined) roots.set(key, { root, name, count: 1 });
    else before.count++;
    votes.set(real, roots);
  };
  for (const input of inputs) {
    for (const name of input.head.imports) {
      if (name === "" || name.startsWith("google/protobuf/")) continue;
      const found = findImport(input, name, bySuffix, around);
      if (found === undefined) continue;
      const target = byReal.get(found.real);
      const root = target === undefined ? found.root : withoutLink(target, name, found.root);
      if (target !== undefined) vote(target.real, root, name);
      // A file that imports by a name relative to a higher folder is itself named from there.
      const own = around.given.includes(root) || isStart(input, root) ? undefined : nameIn(root, input.path);
      if (own !== undefined) vote(input.real, root, own);
    }
  }
  return settle(inputs, votes);
}

/** The root an import name is relative to, seen from one file: its own root, one above, or one among the inputs. */
function findImport(
  input: ScannedInput,
  name: string,
  bySuffix: ReadonlyMap<string, readonly ScannedInput[]>,
  { given, realOf, goModule }: Surroundings,
): { readonly root: ProtoRoot; readonly real: string } | undefined {
  const at = (root: ProtoRoot | undefined) => {
    const path = root === undefined ? undefined : pathIn(root, name);
    const real = path === undefined ? undefined : realOf(path);
    return root === undefined || real === undefined ? undefined : { root, real };
  };
  for (const folder of new Set([input.folder ?? input.start, input.start])) {
    const found = at({ virtual: "", folder });
    if (found !== undefined) return found;
  }
  for (const root of given) {
    const found = at(root);
    if (found !== undefined) return found;
  }
  const tail = sep + name.split("/").join(sep);
  const candidates = (bySuffix.get(lastPart(name)) ?? []).filter(({ path }) => path.endsWith(tail));
  const nearest = candidates.sort((a, b) => sharedLength(b.path, input.path) - sharedLength(a.path, input.path))[0];
  if (nearest !== undefined) {
    return { root: { virtual: "", folder: nearest.path.slice(0, -tail.length) }, real: nearest.real };
  }
  const module = goModule(dirname(input.path));
  const inModule = module === undefined ? undefined : at({ virtual: module.path, folder: module.folder });
  if (inModule !== undefined) return inModule;
  let folder = dirname(input.start);
  for (let i = 0; i < maxClimb && folder !== dirname(folder); i++, folder = dirname(folder)) {
    const found = at({ virtual: "", folder });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The root that the file's own path has for a name, where an import led to it through a link. */
function withoutLink(target: ScannedInput, name: string, root: ProtoRoot): ProtoRoot {
  const tail = sep + name.split("/").join(sep);
  if (root.virtual !== "" || !target.path.endsWith(tail)) return root;
  const folder = target.path.slice(0, -tail.length);
  return folder === root.folder ? root : { virtual: "", folder };
}

function isStart(input: ScannedInput, root: ProtoRoot): boolean {
  return root.virtual === "" && root.folder === input.start;
}

function settle(inputs: readonly ScannedInput[], votes: ReadonlyMap<string, ReadonlyMap<string, Vote>>): NaturalRoots {
  const namings = new Map<string, Naming>();
  const decided = new Map<string, Vote>();
  for (const input of inputs) {
    // The most votes win; among equals the highest folder, whose names are the longest.
    const best = [...(votes.get(input.real)?.values() ?? [])].sort(
      (a, b) => b.count - a.count || a.root.folder.length - b.root.folder.length,
    )[0];
    if (best === undefined) continue;
    // A name out of a file's text would keep that text in memory.
    namings.set(input.real, { root: best.root, name: nameIn(best.root, input.path) ?? best.name });
    const key = `${best.root.virtual}=${best.root.folder}`;
    decided.set(key, { ...best, count: (decided.get(key)?.count ?? 0) + 1 });
  }
  // Files that nothing points at go with their neighbours, else by their own start.
  for (const input of inputs) {
    if (namings.has(input.real)) continue;
    const near = [...decided.values()]
      .filter(({ root }) => isInside(root.folder, input.path))
      .sort((a, b) => b.root.folder.length - a.root.folder.length || b.count - a.count)[0];
    const root = near?.root ?? { virtual: "", folder: input.start };
    namings.set(input.real, { root, name: nameIn(root, input.path) ?? lastPart(input.path.split(sep).join("/")) });
  }
  const roots = new Map([...namings.values()].map(({ root }) => [`${root.virtual}=${root.folder}`, root]));
  const searchRoots = [...roots.values()].sort(
    (a, b) => b.folder.length - a.folder.length || (a.folder < b.folder ? -1 : 1),
  );
  return { namings, searchRoots };
}

function groupByName(inputs: readonly ScannedInput[]): ReadonlyMap<string, readonly ScannedInput[]> {
  const groups = new Map<string, ScannedInput[]>();
  for (const input of inputs) {
    const key = input.path.slice(input.path.lastIndexOf(sep) + 1);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [input]);
    else group.push(input);
  }
  return groups;
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

function sharedLength(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}
