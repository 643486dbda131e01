import { printable } from "../../text/printable.js";
import { jsonText } from "../report/json-text.js";
import type { Style } from "../report/style.js";
import type { Section } from "./row.js";

export function findingsText(sections: readonly Section[], style: Style): string {
  const width = Math.max(...sections.flatMap(({ rows }) => rows.map(({ name }) => name.length)));
  const marks = { fine: style("green", "ok"), note: style("yellow", "--"), wrong: style("red", "!!") };
  const blocks = sections.map(({ title, rows }) =>
    [
      style("bold", printable(title)),
      ...rows.map(({ name, text, state }) => `  ${marks[state]} ${name.padEnd(width)}  ${printable(text)}`),
    ].join("\n"),
  );
  return `${blocks.join("\n\n")}\n`;
}

/** The same for programs. */
export function findingsJson(sections: readonly Section[], ok: boolean): string {
  return jsonText({ ok, sections });
}
