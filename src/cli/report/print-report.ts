import { isAbsolute } from "node:path";
import { displayPath } from "../../compile/paths.js";
import type { Fault } from "../../errors/gen-stubs-error.js";
import type { Io } from "../io.js";
import { version } from "../version.js";
import { faultText } from "./faults.js";
import { githubText } from "./github.js";
import { reportJson } from "./json.js";
import { exitCodeOf, type Outcome } from "./outcome.js";
import { sarifJson } from "./sarif.js";
import { styleFor } from "./style.js";
import { resultText } from "./text.js";

export const reportFormats = ["text", "json", "github", "sarif"] as const;

export type ReportFormat = (typeof reportFormats)[number];

/** Prints how a run ended, and returns its exit code. */
export function printReport(
  format: ReportFormat,
  found: readonly Outcome[],
  io: Io,
  options: { readonly quiet: boolean },
): number {
  const outcomes = found.map((outcome) => shownFrom(io.cwd, outcome));
  const exitCode = exitCodeOf(outcomes);
  if (format === "json") io.stdout.write(reportJson(exitCode, version(), outcomes));
  else if (format === "sarif") io.stdout.write(sarifJson(version(), outcomes));
  else {
    printText(outcomes, io, options.quiet);
    if (format === "github") io.stdout.write(githubText(outcomes));
  }
  return exitCode;
}

/** Paths in faults as the user would write them. */
export function shownFrom(cwd: string, { result, faults, exitCode }: Outcome): Outcome {
  const relative = ({ file, ...fault }: Fault): Fault =>
    file === undefined ? fault : { ...fault, file: isAbsolute(file) ? displayPath(file, cwd) : file };
  return { result, faults: faults.map(relative), exitCode };
}

function printText(outcomes: readonly Outcome[], io: Io, quiet: boolean): void {
  const [out, err] = [styleFor(io.stdout, io.env), styleFor(io.stderr, io.env)];
  for (const { result, faults } of outcomes) {
    // Drift is what --check is asked for: it is told even where only errors are wanted.
    if (result !== undefined && (!quiet || faults.length > 0)) io.stdout.write(resultText(result, out));
    if (result === undefined) io.stderr.write(`${faults.map((fault) => faultText(fault, err)).join("\n")}\n`);
  }
}

/** The format asked for in words that may be wrong otherwise: errors are told in it too. */
export function wantedFormat(argv: readonly string[]): ReportFormat {
  const end = argv.indexOf("--");
  const words = argv.slice(0, end < 0 ? undefined : end);
  if (words.includes("--json")) return "json";
  const asked = words.flatMap((word, index) => {
    if (word === "--format") return words[index + 1] ?? [];
    return word.startsWith("--format=") ? word.slice("--format=".length) : [];
  });
  return reportFormats.find((format) => format === asked.at(-1)) ?? "text";
}
