import { manifestName } from "../output/manifest.js";
import { hasDrift, type Result } from "./result.js";
import { shownResult } from "./shown.js";
import { countsText, plural } from "./stats.js";
import type { Style } from "./style.js";

const maxListed = 20;
const maxWarnings = 5;

/** The text that a run prints at its end. */
export function resultText(given: Result, style: Style): string {
  const result = shownResult(given);
  const lines = result.warnings.slice(0, maxWarnings).map((warning) => style("yellow", warning));
  const more = result.warnings.length - maxWarnings;
  if (more > 0) lines.push(style("yellow", `… and ${plural(more, "more warning")} (all with --json)`));
  if (result.mode === "check") lines.push(...checkLines(result, style));
  else lines.push(...writeLines(result, style));
  lines.push(...result.notes.map((note) => style("yellow", note)));
  if (result.install !== undefined) {
    lines.push(
      "",
      "The generated code needs packages that this project lacks. Add them:",
      `  ${style("bold", result.install)}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function writeLines(result: Result, style: Style): readonly string[] {
  const dry = result.mode === "dry-run";
  const lines: string[] = [];
  if (dry) {
    lines.push(
      ...listed("would create", result.missing, style),
      ...listed("would change", [...result.stale, ...result.layout], style),
    );
  }
  // All of them: what is removed cannot be looked up afterwards.
  const removed = result.clean ? result.orphaned : [];
  lines.push(...removed.map((name) => `  ${style("yellow", dry ? "would remove" : "removed")} ${name}`));
  const parts = [
    `${result.missing.length} new`,
    `${result.stale.length + result.layout.length} changed`,
    `${result.unchanged} unchanged`,
    ...(removed.length > 0 ? [`${removed.length} removed`] : []),
  ];
  const verb = dry ? "Would write to" : "Wrote to";
  lines.push(`${style("green", verb)} ${result.out}: ${plural(result.outputs, "file")} (${parts.join(", ")})`);
  lines.push(
    `${countsText(result.counts)} from ${plural(result.protoFiles, "proto file")} in ${seconds(result.durationMs)} (${result.compiler})`,
  );
  return lines;
}

function checkLines(result: Result, style: Style): readonly string[] {
  if (!hasDrift(result)) {
    const what = `${plural(result.outputs, "file")}, ${countsText(result.counts)}, ${seconds(result.durationMs)}`;
    return [`${style("green", "Up to date")}: ${result.out} (${what})`];
  }
  const onlyLayout = !hasDrift({ ...result, layout: [] });
  const lines = [`${style("red", onlyLayout ? "Formatted" : "Out of date")}: ${result.out}`];
  lines.push(...listed("missing", result.missing, style), ...listed("stale", result.stale, style));
  lines.push(...listed("orphaned", result.orphaned, style), ...listed("unclaimed", result.unclaimed, style));
  lines.push(...listed("formatted", result.layout, style));
  if (result.layout.length > 0) lines.push("", ...layoutAdvice(result.out));
  for (const diff of result.diffs)
    lines.push(
      "",
      ...diff
        .trimEnd()
        .split("\n")
        .map((line) => colourDiff(line, style)),
    );
  if (result.fix !== undefined) lines.push("", "To bring it up to date:", `  ${style("bold", result.fix)}`);
  if (result.unclaimed.length > 0) {
    const rest = `${plural(result.unclaimed.length, "unclaimed file")}: no run that ${manifestName} knows wrote`;
    lines.push(`${rest} them; run what generates them with this version, or delete them.`);
  }
  return lines;
}

function layoutAdvice(out: string): readonly string[] {
  return [
    "Files called formatted say what would be generated, in another layout: a formatter of the project changed them.",
    `Either have it leave ${out} alone (.prettierignore; files.includes of biome.json), or have gen-stubs run it:`,
    "  --format-with prettier (or biome)",
  ];
}

function listed(label: string, names: readonly string[], style: Style): readonly string[] {
  const lines = names.slice(0, maxListed).map((name) => `  ${style("yellow", label)} ${name}`);
  if (names.length > maxListed) lines.push(`  ${style("yellow", label)} … and ${names.length - maxListed} more`);
  return lines;
}

function colourDiff(line: string, style: Style): string {
  if (line.startsWith("+") && !line.startsWith("+++")) return style("green", line);
  if (line.startsWith("-") && !line.startsWith("---")) return style("red", line);
  return line;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}
