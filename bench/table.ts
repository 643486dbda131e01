import type { Outcome } from "./measure.js";

/**
 * A Markdown table: a line for each peer, a column for each scenario; in each cell the ratio, messages a second, processor
 * time and, after ×, our processor time as a part of it.
 */
export function table(results: ReadonlyMap<string, readonly Outcome[]>): string {
  const scenarios = [...results.keys()];
  const peers = [...new Set([...results.values()].flat().map(({ peer }) => peer))];
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
  if (result === undefined) return "";
  if ("error" in result) return "failed";
  const parts = [`${result.ratio === undefined ? "" : `**${ratio(result.ratio)}** `}${rate(result.rate)}`];
  parts.push(microseconds(result.cpu));
  if (result.oursToIts !== undefined) parts.push(`× ${ratio(result.oursToIts)}`);
  return parts.join(", ");
}

/** Two digits after the point; a dash where there is none. */
export function ratio(value: number | undefined): string {
  return value === undefined ? "–" : value.toFixed(2);
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
