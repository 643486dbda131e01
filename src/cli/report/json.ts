import { exitCodes } from "../../errors/exit-codes.js";
import type { Fault } from "../../errors/gen-stubs-error.js";
import { jsonText } from "./json-text.js";
import type { Outcome } from "./outcome.js";
import type { Result } from "./result.js";

/**
 * The object `--json` prints; `schemas/report.json` describes it. The keys are the same for success and failure, so that
 * programs need no cases. With several outputs, `runs` has one entry each; with one, its keys also stand at the top.
 */
export function reportJson(exitCode: number, version: string, outcomes: readonly Outcome[]): string {
  const result = outcomes.length === 1 ? outcomes[0]?.result : undefined;
  const report = {
    ok: exitCode === exitCodes.ok.code,
    exitCode,
    version,
    ...resultKeys(result),
    errors: outcomes.flatMap(({ faults }) => faults).map(errorKeys),
    runs: outcomes.map((outcome) => ({ ...resultKeys(outcome.result), errors: outcome.faults.map(errorKeys) })),
  };
  return jsonText(report);
}

function resultKeys(result: Result | undefined): Readonly<Record<string, unknown>> {
  return {
    mode: result?.mode ?? null,
    out: result?.out ?? null,
    protoFiles: result?.protoFiles ?? 0,
    outputs: result?.outputs ?? 0,
    missing: result?.missing ?? [],
    stale: result?.stale ?? [],
    layout: result?.layout ?? [],
    unchanged: result?.unchanged ?? 0,
    orphaned: result?.orphaned ?? [],
    removed: result?.mode === "write" && result.clean ? result.orphaned : [],
    unclaimed: result?.unclaimed ?? [],
    counts: result?.counts ?? null,
    compiler: result?.compiler ?? null,
    importExtension: result?.importExtension ?? null,
    durationMs: result === undefined ? null : Math.round(result.durationMs),
    warnings: result?.warnings ?? [],
    notes: result?.notes ?? [],
    install: result?.install ?? null,
    fix: result?.fix ?? null,
  };
}

function errorKeys({ code, message, file, line, column, hint }: Fault): Readonly<Record<string, unknown>> {
  return {
    code,
    message,
    file: file ?? null,
    line: line ?? null,
    column: column ?? null,
    hint: hint ?? null,
  };
}
