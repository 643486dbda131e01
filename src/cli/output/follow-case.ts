import { renameSync } from "node:fs";
import { join } from "node:path";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import { errnoOf } from "../../process/run-process.js";
import { differsInCase } from "./disk-names.js";
import type { PlannedFile } from "./plan.js";

/** A wanted name, and its spelling on the disk. */
export interface Respelling {
  readonly name: string;
  readonly spelled: string;
}

/** One rename below the output folder: an entry of `folder`, from one spelling to another. */
export interface CaseRename {
  /** Name of the folder, with the parts above it as they are after the renames before this one; `""` for the root. */
  readonly folder: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The renames that make the disk's spelling follow that of the outputs: `Users/` → `users/`. A folder that another output
 * wants as it is stays so: one disk folder cannot have two spellings.
 *
 * @param wanted names of all outputs
 */
export function caseRenames(respellings: readonly Respelling[], wanted: Iterable<string>): readonly CaseRename[] {
  const kept = new Set<string>();
  for (const name of wanted) {
    const parts = name.split("/");
    for (let i = 1; i <= parts.length; i++) kept.add(parts.slice(0, i).join("/"));
  }
  const renames = new Map<string, CaseRename>();
  for (const { name, spelled } of respellings) {
    const from = spelled.split("/");
    const to = name.split("/");
    for (const [i, part] of to.entries()) {
      const old = from[i] ?? part;
      const folder = to.slice(0, i).join("/");
      const before = folder === "" ? old : `${folder}/${old}`;
      if (differsInCase(old, part) && !kept.has(before)) renames.set(before, { folder, from: old, to: part });
    }
  }
  // Upper folders first: the names of those below are given as they are after that.
  return [...renames.values()].sort((a, b) => depth(a) - depth(b));
}

function depth({ folder }: CaseRename): number {
  return folder === "" ? 0 : folder.split("/").length;
}

/**
 * Makes the disk's spelling follow that of the outputs, as on a disk that tells case apart it would by itself.
 *
 * @throws GenStubsError GS5004.
 */
export function followCase(out: string, planned: readonly PlannedFile[]): void {
  const respellings = planned.flatMap(({ name, spelled }) => (spelled === undefined ? [] : [{ name, spelled }]));
  const renames = caseRenames(
    respellings,
    planned.map(({ name }) => name),
  );
  try {
    applyCaseRenames(out, renames);
  } catch (error) {
    const why = errnoOf(error) ?? String(error);
    throw new GenStubsError({ code: "GS5004", message: `a name's case cannot be changed (${why})`, file: out });
  }
}

/** Renames in two steps, because some systems take a rename to another case alone for none at all. */
function applyCaseRenames(out: string, renames: readonly CaseRename[]): void {
  for (const [index, { folder, from, to }] of renames.entries()) {
    const parent = join(out, ...folder.split("/"));
    const between = join(parent, `.gen-stubs-${process.pid}-${index}.case`);
    renameSync(join(parent, from), between);
    try {
      renameSync(between, join(parent, to));
    } catch (error) {
      renameSync(between, join(parent, from));
      throw error;
    }
  }
}
