import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { displayPath } from "../../compile/paths.js";
import { type Fault, throwFaults } from "../../errors/gen-stubs-error.js";
import { diskFacts, isThere } from "./disk-facts.js";
import { manifestName, manifestText, type RunRecord, readManifest, sameRuns } from "./manifest.js";
import { findGenerated } from "./orphans.js";
import { sourceOf } from "./ownership.js";
import type { PlannedFile } from "./plan.js";
import { type DiskFacts, nextRecords, overwrittenRun, settleOwnership } from "./run-ownership.js";
import { recordRun } from "./run-record.js";
import type { FileToWrite } from "./write.js";

/** What of an output folder is whose, before a run changes it. */
export interface OwnershipPlan {
  /** This run's orphans: see {@link settleOwnership}. */
  readonly orphans: readonly string[];
  /** Generated files that no recorded run claims; empty where they were not looked for. */
  readonly unclaimed: readonly string[];
  /** Other runs that have files here, by their inputs as the manifest has them. */
  readonly others: readonly OtherRun[];
  /** The manifest as it is to be after the run. */
  manifest(removed: boolean): FileToWrite;
}

export interface OtherRun {
  readonly from: readonly string[];
  /** Files that are there and not this run's too. */
  readonly fileCount: number;
  /** Whether none of its inputs is there any more. */
  readonly gone: boolean;
}

/**
 * Reads the manifest and settles whose the files are.
 *
 * @throws GenStubsError GS5006 for files of other runs that would be overwritten.
 * @param run what the manifest says of this run
 * @param generated import names of the files to generate from
 * @param search endings of generated files to look for beyond the manifest; `undefined` not to look
 */
export function planOwnership(
  out: string,
  planned: readonly PlannedFile[],
  run: Omit<RunRecord, "files" | "imports">,
  generated: readonly string[],
  search: readonly string[] | undefined,
  cwd: string,
): OwnershipPlan {
  const names = planned.map(({ name }) => name);
  const recorded = readManifest(out);
  const facts = diskFacts(out, names);
  const ownership = settleOwnership(recorded, run, facts);
  throwFaults(overwriteFaults(out, planned, ownership.others, run, facts, cwd));
  const claimed = new Set(recorded.flatMap(({ files, imports }) => [...files, ...imports]));
  const passed = (name: string): boolean => claimed.has(name) || facts.isWritten(name);
  const contents = new Map(planned.map(({ name, content }) => [name, content]));
  const source = (name: string): string | undefined => sourceOf(contents.get(name) ?? "", name);
  return {
    orphans: ownership.orphans,
    unclaimed: search === undefined ? [] : findGenerated(out, passed, search),
    others: ownership.others.flatMap((record) => {
      const left = [...record.files, ...record.imports].filter((name) => !facts.isWritten(name) && isThere(out, name));
      const gone = ownership.gone.includes(record);
      return left.length === 0 ? [] : [{ from: record.from, fileCount: left.length, gone }];
    }),
    manifest(removed) {
      const written = recordRun(run, names, new Set(generated), source);
      const next = nextRecords(ownership, written, removed, (name) => isThere(out, name));
      return manifestFile(out, next, sameRuns(recorded, next));
    },
  };
}

function overwriteFaults(
  out: string,
  planned: readonly PlannedFile[],
  others: readonly RunRecord[],
  run: Pick<RunRecord, "roots">,
  facts: DiskFacts,
  cwd: string,
): readonly Fault[] {
  return planned.flatMap(({ name, state, path }): readonly Fault[] => {
    const differs = state === "stale" || state === "layout";
    const other = differs ? overwrittenRun(name, others, run, facts) : undefined;
    if (other === undefined) return [];
    const inputs = other.from.map((input) => displayPath(resolve(out, input), cwd)).join(", ");
    return [
      {
        code: "GS5006",
        message: `it belongs to another run, over ${inputs}, and would be overwritten`,
        file: path,
        hint: "give the two runs different --out folders; if that run is no more, delete its files",
      },
    ];
  });
}

/** Whether an output folder has a manifest. */
export function hasManifest(out: string): boolean {
  return existsSync(join(out, manifestName));
}

function manifestFile(out: string, runs: readonly RunRecord[], same: boolean): FileToWrite {
  const path = join(out, manifestName);
  const disk = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  // A folder without files of ours needs none.
  const needed = disk !== undefined || runs.length > 0;
  const state = same || !needed ? "same" : disk === undefined ? "missing" : "stale";
  return { path, content: manifestText(runs), state, disk };
}
