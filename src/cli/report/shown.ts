import type { Fault } from "../../errors/gen-stubs-error.js";
import { type Kind, printable } from "../../text/printable.js";
import type { Result } from "./result.js";

/** A fault whose text a terminal only shows. Messages and hints may quote several lines of a tool's; nothing else may. */
export function shownFault(fault: Fault): Fault {
  const { message, hint, file } = fault;
  return {
    ...fault,
    message: printable(message, "lines"),
    ...(hint === undefined ? {} : { hint: printable(hint, "lines") }),
    ...(file === undefined ? {} : { file: printable(file) }),
  };
}

/** A result whose text a terminal only shows: names of files come from the user's disk and from descriptor sets. */
export function shownResult(result: Result): Result {
  const all = (texts: readonly string[], kind?: Kind): readonly string[] => texts.map((text) => printable(text, kind));
  return {
    ...result,
    out: printable(result.out),
    compiler: printable(result.compiler),
    missing: all(result.missing),
    stale: all(result.stale),
    layout: all(result.layout),
    orphaned: all(result.orphaned),
    unclaimed: all(result.unclaimed),
    warnings: all(result.warnings),
    notes: all(result.notes),
    diffs: all(result.diffs, "lines"),
    install: result.install === undefined ? undefined : printable(result.install),
    fix: result.fix === undefined ? undefined : printable(result.fix),
  };
}
