import type { Style } from "../report/style.js";
import type { InitResult } from "./init.js";

/** What `gen-stubs init` did, and what to do next. */
export function stepsText({ steps, next }: InitResult, dryRun: boolean, style: Style): string {
  const width = Math.max(...steps.map(({ file }) => file.length));
  const rows = steps.map(({ state, file, what }) => {
    const word = dryRun && state !== "kept" ? { created: "would create", changed: "would change" }[state] : state;
    return `  ${style(state === "kept" ? "dim" : "green", word)} ${file.padEnd(width)}  ${what}`;
  });
  return `${[...rows, "", "Next:", ...next.map((command) => `  ${style("bold", command)}`)].join("\n")}\n`;
}
