import type { Fault } from "../../errors/gen-stubs-error.js";
import { printable } from "../../text/printable.js";
import { findings } from "./findings.js";
import type { Outcome } from "./outcome.js";

/**
 * Workflow commands of GitHub Actions, which show as annotations beside the lines they are about
 * (GitHub Docs, "Workflow commands for GitHub Actions", "Setting an error message").
 */
export function githubText(outcomes: readonly Outcome[]): string {
  const errors = outcomes.flatMap(findings).map((fault) => command("error", fault));
  const warnings = outcomes.flatMap(({ result }) => result?.warnings ?? []);
  return [...errors, ...warnings.map((message) => `::warning::${escapeData(message)}`)]
    .map((line) => `${line}\n`)
    .join("");
}

function command(kind: "error", { code, message, file, line, column, hint }: Fault): string {
  const properties = Object.entries({
    file: file?.replaceAll("\\", "/"),
    line,
    col: column,
    title: `gen-stubs ${code}`,
  })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${kind} ${properties.join(",")}::${escapeData(hint === undefined ? message : `${message}\n${hint}`)}`;
}

function escapeData(text: string): string {
  return printable(text, "lines").replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
