import { exitCodes } from "../../errors/exit-codes.js";
import type { Fault } from "../../errors/gen-stubs-error.js";
import { printable } from "../../text/printable.js";
import type { Result } from "./result.js";

/** The object `--json` prints: the same keys for success and failure, so that programs need no cases. */
export function resultJson(
  exitCode: number,
  version: string,
  result: Result | undefined,
  faults: readonly Fault[],
): string {
  const report = {
    ok: exitCode === exitCodes.ok.code,
    exitCode,
    version,
    mode: result?.mode ?? null,
    out: result?.out ?? null,
    protoFiles: result?.protoFiles ?? 0,
    outputs: result?.outputs ?? 0,
    missing: result?.missing ?? [],
    stale: result?.stale ?? [],
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
    errors: faults.map(({ code, message, file, line, column, hint }) => ({
      code,
      message,
      file: file ?? null,
      line: line ?? null,
      column: column ?? null,
      hint: hint ?? null,
    })),
  };
  return `${printableJson(JSON.stringify(report, null, 2))}\n`;
}

/** JSON has its own escapes for C0; a terminal obeys DEL and C1 too. The data are the same. */
function printableJson(json: string): string {
  return printable(json, "lines");
}
