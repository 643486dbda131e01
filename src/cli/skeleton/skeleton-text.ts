import { printable } from "../../text/printable.js";
import { plural } from "../report/stats.js";
import type { Style } from "../report/style.js";
import type { SkeletonResult } from "./run-skeleton.js";

/** The text that `gen-stubs skeleton` prints at its end. */
export function skeletonText(result: SkeletonResult, style: Style): string {
  return `${linesOf(result, style).join("\n")}\n`;
}

function linesOf(
  { file, target, created, added, removed, mode, faults }: SkeletonResult,
  style: Style,
): readonly string[] {
  const shown = printable(file);
  const lines: string[] = [];
  if (mode === "check") {
    if (faults.length === 0) return [`${style("green", "Complete")}: ${shown} (${target})`];
    lines.push(`${style("red", "Out of date")}: ${shown} (${target})`);
    lines.push(...added.map((name) => `  ${style("yellow", "missing")} ${name}`));
    lines.push(...removed.map((name) => `  ${style("yellow", "no longer an rpc")} ${name}`));
    return [...lines, "", "Run the command without --check to add what is missing."];
  }
  if (created)
    return [`${style("green", "Wrote")} ${shown}: ${target} with ${plural(added.length, "method")} to fill in`];
  if (added.length + removed.length === 0)
    return [`${style("green", "Complete")}: ${shown} (${target}), nothing to add`];
  lines.push(`${style("green", "Extended")} ${shown}: ${target}`);
  lines.push(...added.map((name) => `  ${style("yellow", "added")} ${name}`));
  lines.push(...removed.map((name) => `  ${style("yellow", "marked, its rpc is gone:")} ${name}`));
  return lines;
}
