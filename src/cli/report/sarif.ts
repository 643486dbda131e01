import type { Fault } from "../../errors/gen-stubs-error.js";
import { registry } from "../../errors/registry.js";
import { findings } from "./findings.js";
import { jsonText } from "./json-text.js";
import type { Outcome } from "./outcome.js";

/** A log in SARIF 2.1.0 (OASIS), for code scanning of GitHub, GitLab and Azure DevOps. */
export function sarifJson(version: string, outcomes: readonly Outcome[]): string {
  const faults = outcomes.flatMap(findings);
  const codes = [...new Set(faults.map(({ code }) => code))].sort();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "gen-stubs",
            version,
            rules: codes.map((id) => ({ id, shortDescription: { text: registry[id].title } })),
          },
        },
        columnKind: "unicodeCodePoints",
        results: faults.map(toResult),
      },
    ],
  };
  return jsonText(log);
}

function toResult({ code, message, file, line, column, hint }: Fault): unknown {
  const text = hint === undefined ? message : `${message}\n${hint}`;
  const region =
    line === undefined ? {} : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } };
  const location = { physicalLocation: { artifactLocation: { uri: uriOf(file ?? "") }, ...region } };
  return { ruleId: code, level: "error", message: { text }, ...(file === undefined ? {} : { locations: [location] }) };
}

/** A relative reference (RFC 3986): slashes, and other characters in percent form. */
function uriOf(file: string): string {
  return file.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
}
