import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import type { InputFile } from "./inputs.js";
import type { ProtoHead } from "./proto-scan.js";

export interface ScannedInput extends InputFile {
  readonly head: ProtoHead;
}

export interface NaturalRoots {
  /** Root of each input, by its path. */
  readonly rootOf: ReadonlyMap<string, string>;
  /** All roots to look imports up in, the innermost first. */
  readonly searchRoots: readonly string[];
}

// How far above the folder given a root is looked for.
const maxClimb = 8;

/**
 * Finds the folders that the inputs' imports are relative to, where no proto path was given.
 *
 * The folder given is the root, unless the files say otherwise: where an import names a file that lies deeper or higher
 * ("acme/v1/a.proto", found at `api/proto/acme/v1/a.proto`), the folder in front of that name is. For a file given by
 * itself, the folders of its package are taken off its path where they match.
 *
 * @param given proto paths of the user's: what they hold says nothing about the roots of other files
 */
export function findNaturalRoots(inputs: readonly ScannedInput[], given: readonly string[]): NaturalRoots {
  const paths = new Set(inputs.map((input) => input.path));
  const bySuffix = groupByName(inputs);
  const votes = new Map<string, Map<string, number>>();
  const vote = (path: string, root: string): void => {
    const roots = votes.get(path) ?? new Map<string, number>();
    votes.set(path, roots.set(root, (roots.get(root) ?? 0) + 1));
  };
  for (const input of inputs) {
    const start = defaultRoot(input);
    for (const name of input.head.imports) {
      if (name === "" || name.startsWith("google/protobuf/")) continue;
      const root = findRoot(input, start, name, paths, bySuffix, given);
      if (root === undefined) continue;
      const target = join(root, name);
      if (paths.has(target)) vote(target, root);
      // A file that imports by a name relative to a higher folder is itself named from there.
      if (root !== start && start.startsWith(root + sep)) vote(input.path, root);
      else if (root !== start && input.path.startsWith(root + sep)) vote(input.path, root);
    }
  }
  return settle(inputs, votes);
}

/** The root an import name is relative to, seen from one file: its own root, one above, or one among the inputs. */
function findRoot(
  input: ScannedInput,
  start: string,
  name: string,
  paths: ReadonlySet<string>,
  bySuffix: ReadonlyMap<string, readonly string[]>,
  given: readonly string[],
): string | undefined {
  if (paths.has(join(start, name)) || existsSync(join(start, name))) return start;
  if (given.some((root) => existsSync(join(root, name)))) return undefined;
  const tail = sep + name.split("/").join(sep);
  const candidates = (bySuffix.get(lastPart(name)) ?? []).filter((path) => path.endsWith(tail));
  const nearest = candidates.sort((a, b) => sharedLength(b, input.path) - sharedLength(a, input.path))[0];
  if (nearest !== undefined) return nearest.slice(0, -tail.length);
  let folder = dirname(start);
  for (let i = 0; i < maxClimb && folder !== dirname(folder); i++, folder = dirname(folder)) {
    if (existsSync(join(folder, name))) return folder;
  }
  return undefined;
}

function settle(
  inputs: readonly ScannedInput[],
  votes: ReadonlyMap<string, ReadonlyMap<string, number>>,
): NaturalRoots {
  const rootOf = new Map<string, string>();
  const decided = new Set<string>();
  for (const input of inputs) {
    const roots = votes.get(input.path);
    if (roots === undefined) continue;
    // The most votes win; among equals the highest folder, whose names are the longest.
    const best = [...roots].sort((a, b) => b[1] - a[1] || a[0].length - b[0].length)[0];
    if (best === undefined) continue;
    rootOf.set(input.path, best[0]);
    decided.add(best[0]);
  }
  // Files that nothing points at go with their neighbours, else by the folder given.
  for (const input of inputs) {
    if (rootOf.has(input.path)) continue;
    const near = [...decided].filter((root) => input.path.startsWith(root + sep));
    rootOf.set(input.path, near.sort((a, b) => b.length - a.length)[0] ?? defaultRoot(input));
  }
  const searchRoots = [...new Set(rootOf.values())].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return { rootOf, searchRoots };
}

function defaultRoot(input: ScannedInput): string {
  if (input.folder !== undefined) return input.folder;
  const folder = dirname(input.path);
  if (input.head.package === "") return folder;
  const tail = sep + input.head.package.split(".").join(sep);
  return folder.endsWith(tail) && folder.length > tail.length ? folder.slice(0, -tail.length) : folder;
}

function groupByName(inputs: readonly ScannedInput[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { path } of inputs) {
    const key = path.slice(path.lastIndexOf(sep) + 1);
    groups.set(key, [...(groups.get(key) ?? []), path]);
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
