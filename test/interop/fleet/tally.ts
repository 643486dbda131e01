import type { Tally, Window } from "./fleet-client.js";

type Counted = "ok" | "fail" | "opened" | "ended" | "echoes";

/** How many of each there were in all windows. */
export function total(windows: readonly Window[], what: Counted): Tally {
  const sum: Record<string, number> = {};
  for (const window of windows) for (const [name, n] of Object.entries(window[what])) sum[name] = (sum[name] ?? 0) + n;
  return sum;
}

export function count(tally: Tally): number {
  return Object.values(tally).reduce((sum, n) => sum + n, 0);
}

/** How far the server with the most or fewest is from its fair part, in percent. */
export function spread(tally: Tally, servers: readonly string[]): number {
  const fair = count(tally) / servers.length;
  return fair === 0 ? 100 : Math.max(...servers.map((id) => Math.abs((tally[id] ?? 0) - fair) / fair)) * 100;
}

/** What went wrong last, for messages. */
export function lastFailure(windows: readonly Window[]): string {
  const fails = total(windows, "fail");
  return `${JSON.stringify(fails)} ${windows.findLast(({ why }) => why !== undefined)?.why ?? ""}`;
}
