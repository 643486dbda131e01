import type { MethodCounts } from "../../descriptors/method-counts.js";
import type { Fault } from "../../errors/gen-stubs-error.js";

/** What a run did or found. All file names are relative to `out`, with `/`. */
export interface Result {
  readonly mode: "write" | "check" | "dry-run";
  /** The output folder, as displayed. */
  readonly out: string;
  /** Absolute paths of all files that were read, imported ones too, as far as they are known. */
  readonly sources: readonly string[];
  /** `.proto` files generated from. */
  readonly protoFiles: number;
  /** All files that belong in the output folder. */
  readonly outputs: number;
  /** Not on disk before. */
  readonly missing: readonly string[];
  /** On disk with other content before. */
  readonly stale: readonly string[];
  /** On disk with other content, but for nothing else than layout: a formatter changed them. */
  readonly layout: readonly string[];
  readonly unchanged: number;
  /** Written by earlier runs over the same inputs and not any more: removed with --clean, else still there. */
  readonly orphaned: readonly string[];
  /** Bearing the marks of this command, and in no run's record: looked for with --check and --clean, never removed. */
  readonly unclaimed: readonly string[];
  /** Whether the orphans were, or would be, removed. */
  readonly clean: boolean;
  readonly counts: MethodCounts;
  /** What compiled the files, e.g. `protoc 36.2`. */
  readonly compiler: string;
  readonly importExtension: string;
  readonly durationMs: number;
  readonly warnings: readonly string[];
  /** What is to be known of files in the output folder that are not of this run. */
  readonly notes: readonly string[];
  /** The command that adds the packages the project lacks. */
  readonly install: string | undefined;
  /** Under --check: unified diffs of the first stale files. */
  readonly diffs: readonly string[];
  /** Under --check: the command that brings the output folder up to date. */
  readonly fix: string | undefined;
  readonly faults: readonly Fault[];
}

/** Whether the output folder differs from what would be generated. */
export function hasDrift(result: Pick<Result, "missing" | "stale" | "layout" | "orphaned" | "unclaimed">): boolean {
  const { missing, stale, layout, orphaned, unclaimed } = result;
  return [missing, stale, layout, orphaned, unclaimed].some((names) => names.length > 0);
}
