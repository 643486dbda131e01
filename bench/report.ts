import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chart } from "./chart.js";
import { machine } from "./machine.js";
import type { Outcome } from "./measure.js";
import type { Scenario } from "./scenarios.js";
import { table } from "./table.js";

/** How the results came about. */
export interface Conditions {
  readonly starts: number;
  readonly rounds: number;
  readonly milliseconds: number;
  readonly leftOut: readonly string[];
  /** The version of `gen-stubs-baseline`, where it took part. */
  readonly baseline: string | undefined;
}

/** Writes docs/benchmarks.md and docs/benchmarks.svg, and docs/speed.svg with the first scenario alone. */
export function writeReport(
  folder: string,
  scenarios: readonly Scenario[],
  results: ReadonlyMap<string, Outcome[]>,
  conditions: Conditions,
): void {
  mkdirSync(folder, { recursive: true });
  const groups = [...new Set(scenarios.map(({ group }) => group))];
  const tables = groups.map((group) => {
    const names = scenarios.filter((scenario) => scenario.group === group).map(({ name }) => name);
    const some = new Map(names.flatMap((name) => (results.has(name) ? [[name, results.get(name) ?? []]] : [])));
    return some.size === 0 ? "" : `## ${group[0]?.toUpperCase()}${group.slice(1)}\n\n${table(some)}`;
  });
  const { starts, rounds, milliseconds, leftOut, baseline } = conditions;
  const figures =
    starts === 1
      ? "the figures are medians"
      : `that ${starts} times, with fresh processes. The figures are medians of the rounds, and of these the means`;
  const text = `# Benchmarks

Made by \`npm run bench -- --write\`; not written by hand. Client and server are processes of their own on the loopback interface,
all options at their defaults, of one proto (bench/protos/bench.proto). In each of ${rounds} rounds every peer runs each scenario
for ${milliseconds} ms, by turns, after it has run until a message costs no less processor time than before; ${figures}: in bold
the ratio of throughput to raw grpc-js in the same round (ts-proto stubs, event API), then messages a second, then microseconds of
processor time (user and system) a message, of client and server together, then, after ×, what part of that gen-stubs needs in the
same round: below 1 where it needs less. On a busy machine processor time is disturbed least. The 200k messages go once.

"Generated": our stubs with \`codec=generated\`; "batches": those, where a program sends a hundred messages at a time
(\`sendAll\`), reads as many as have come (\`batches\`), and says when it is done with their bytes (\`releaseBytes\`). "Bytes": no
codec, bytes in and bytes out. "node:http2": the same frames on bare streams, without codec, calls or status: the limit of
node:http2. "grpc-go", "tonic": programs in Go and Rust (bench/go, bench/tonic); tonic's imperative sender awaits a \`send\` into
a channel for each message, as ours does, its pull sender is a stream that tonic polls; on its one-thread runtime. "TCP echo": as
many bytes as a unary call takes, over bare sockets. "One core": both processes on the first (\`taskset\`); of a single call on
two cores idle wake-ups are most of the cost. Two processes of Node on one core can cost a fifth more where the system happens to
lay their code at addresses that differ by a multiple of 16 MB. All Node processes start with \`--initial-heap-size=256\`: in a
heap of 10 MB, V8 may collect all garbage every few dozen messages of 64 KB, depending on how much code a peer loads.

${machine()}.${
    baseline === undefined ? "" : ` gen-stubs-baseline: the runtime of ${baseline}.`
  }${leftOut.length === 0 ? "" : ` Left out: ${leftOut.join("; ")}.`}

![Ratios to grpc-js](benchmarks.svg)

${tables.filter((part) => part !== "").join("\n")}`;
  writeFileSync(join(folder, "benchmarks.md"), text);
  const isOurs = (peer: string): boolean => peer.startsWith("gen-stubs");
  writeFileSync(join(folder, "benchmarks.svg"), chart(results, isOurs));
  writeFileSync(join(folder, "speed.svg"), chart(new Map([...results].slice(0, 1)), isOurs));
}
