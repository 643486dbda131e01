import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const peers = ["gen-stubs", "grpc-js", "nice-grpc", "connect-node", "grpc-go"];

/** Rows of all tables of a page: the first cell, and the others. */
function rowsOf(page: string): readonly (readonly [name: string, ...cells: string[]])[] {
  return readFileSync(page, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => {
      const [name = "", ...cells] = line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim());
      return [name, ...cells];
    });
}

/** What docs/benchmarks.md says of each peer in a scenario: `**ratio** rate, processor time, × part`. */
function measured(scenario: string): readonly { readonly rate: string; readonly time: string }[] {
  const rows = rowsOf("docs/benchmarks.md");
  const head = rows.findIndex((row) => row.includes(scenario));
  const column = rows[head]?.indexOf(scenario) ?? -1;
  return peers.map((peer) => {
    const cell = rows.slice(head).find(([name]) => name === peer)?.[column] ?? "";
    const [, rate = "", time = ""] = /^\*\*[\d.]+\*\* ([^,]+), ([^,]+), /.exec(cell) ?? [];
    return { rate, time };
  });
}

test.each([
  ["server stream of 20 B, messages a second", "server stream, 20 B", "rate"],
  ["server stream of 64 KB, messages a second", "server stream, 64 KB", "rate"],
  ["unary, 64 at once: processor time a call", "unary, 64 at once", "time"],
] as const)("the README's row %j is what the benchmarks say", (row, scenario, what) => {
  const said = rowsOf("README.md").find(([name]) => name === row);
  expect(said?.slice(1)).toEqual(measured(scenario).map((one) => one[what]));
  expect(said).not.toContain("");
});
