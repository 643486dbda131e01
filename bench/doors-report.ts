import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { machine } from "./machine.js";
import type { Outcome } from "./measure.js";
import type { Speed } from "./process-pair.js";
import type { Conditions } from "./report.js";
import { paired } from "./statistics.js";
import { microseconds, ratio, table } from "./table.js";

const OURS = "gen-stubs's server, ";
const THEIRS = "connect-node's server, ";

/** Writes docs/doors.md: the doors for browsers, compared with each other. */
export function writeDoors(
  folder: string,
  results: ReadonlyMap<string, Outcome[]>,
  { starts, rounds, milliseconds }: Conditions,
): void {
  const text = `# Doors for browsers, and what they cost

Made by \`npm run bench -- --doors --write\`; not written by hand. The doors that a server opens for the web, beside connect-node's, in one
run. Messages are protobuf. How it is measured: [benchmarks](benchmarks.md). ${rounds} rounds of ${milliseconds} ms${starts === 1 ? "" : ` in each of ${starts} starts`}.

${machine()}.

## Our server beside connect-node's

Both are called by connect-node's client, so that only the servers differ. In each cell: in bold, what part of connect-node's processor
time our server needs for a message (or a unary call), below 1 where it needs less; then the microseconds of both servers. After "with the
client", the same part where the client's time is counted too. The client is the same program, and is most of the work over HTTP/1.1.

${besideTable(results)}
## All figures

"fetchChannel" calls our server by Node's fetch, over HTTP/1.1. gRPC stands above: grpc-js, and our stubs. In each cell, as in the
benchmarks: the ratio of throughput to grpc-js, messages a second, the processor time of client and server together, and, after ×, what
part of it our own gRPC needs.

${table(results)}`;
  writeFileSync(join(folder, "doors.md"), text);
}

/** A line for each door, a column for each scenario. */
function besideTable(results: ReadonlyMap<string, readonly Outcome[]>): string {
  const scenarios = [...results.keys()];
  const peers = [...new Set([...results.values()].flat().map(({ peer }) => peer))];
  const doors = peers.filter((peer) => peer.startsWith(OURS)).map((peer) => peer.slice(OURS.length));
  const lines = doors.map((door) => {
    const cells = scenarios.map((scenario) => besideCell(results.get(scenario) ?? [], door));
    return `| ${door} | ${cells.join(" | ")} |`;
  });
  return `| | ${scenarios.join(" | ")} |\n|---|${"---:|".repeat(scenarios.length)}\n${lines.join("\n")}\n`;
}

function besideCell(outcomes: readonly Outcome[], door: string): string {
  const [ours, theirs] = [OURS, THEIRS].map((by) => outcomes.find(({ peer }) => peer === by + door));
  if (ours === undefined || theirs === undefined) return "";
  if ("error" in ours || "error" in theirs) return "failed";
  const part = (cpu: (speed: Speed) => number) =>
    ratio(paired(ours.starts, theirs.starts, (one, other) => cpu(one) / cpu(other)));
  const servers = `${microseconds(ours.serverCpu)} and ${microseconds(theirs.serverCpu)}`;
  return `**${part(({ serverCpu }) => serverCpu)}** ${servers}, with the client ${part(({ cpu }) => cpu)}`;
}
