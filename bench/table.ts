import type { Outcome } from "./measure.js";

/** A Markdown table: a line for each peer, a column for each scenario, ratio, messages a second and processor time in each cell. */
export function table(results: ReadonlyMap<string, readonly Outcome[]>): string {
  const scenarios = [...results.keys()];
  const peers = [...results.values()][0]?.map(({ peer }) => peer) ?? [];
  const lines = [
    `| | ${scenarios.join(" | ")} |`,
    `|---|${scenarios.map(() => "---:|").join("")}`,
    ...peers.map((peer) => {
      const cells = scenarios.map((scenario) => cell(results.get(scenario)?.find((result) => result.peer === peer)));
      return `| ${peer} | ${cells.join(" | ")} |`;
    }),
  ];
  return `${lines.join("\n")}\n`;
}

function cell(result: Outcome | undefined): string {
  if (result === undefined || "error" in result) return "failed";
  const ratio = result.ratio === undefined ? "" : `**${result.ratio.toFixed(2)}** `;
  return `${ratio}${rate(result.rate)}, ${microseconds(result.cpu)}`;
}

/** Three digits and a unit: 1.23M, 45.6k, 789. */
export function rate(value: number): string {
  // What would round to four digits takes the next unit.
  if (value >= 999_500) return `${(value / 1e6).toPrecision(3)}M`;
  if (value >= 999.5) return `${(value / 1e3).toPrecision(3)}k`;
  return value.toPrecision(3);
}

export function microseconds(value: number): string {
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(2)} µs`;
}
