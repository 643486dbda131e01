import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { chart } from "./chart.js";
import type { Outcome } from "./measure.js";
import type { Scenario } from "./scenarios.js";
import { table } from "./table.js";

/** Writes docs/benchmarks.md and docs/benchmarks.svg. */
export function writeReport(
  folder: string,
  scenarios: readonly Scenario[],
  results: ReadonlyMap<string, Outcome[]>,
  conditions: { rounds: number; milliseconds: number },
): void {
  mkdirSync(folder, { recursive: true });
  const groups = [...new Set(scenarios.map(({ group }) => group))];
  const tables = groups.map((group) => {
    const names = scenarios.filter((scenario) => scenario.group === group).map(({ name }) => name);
    const some = new Map(names.flatMap((name) => (results.has(name) ? [[name, results.get(name) ?? []]] : [])));
    return some.size === 0 ? "" : `## ${group[0]?.toUpperCase()}${group.slice(1)}\n\n${table(some)}`;
  });
  const text = `# Benchmarks

Made by \`npm run bench -- --write\`; not written by hand. Client and server are processes of their own on the loopback
interface. In each of ${conditions.rounds} rounds every peer runs each scenario for ${conditions.milliseconds} ms, by turns; the figures are medians: in bold
the ratio to raw grpc-js in the same round (ts-proto stubs, event API), then messages a second, then microseconds of processor
time a message, of both processes. On a busy machine the last disturbs least. The 200k messages go once.

"Bytes": no codec, bytes in and bytes out. "node:http2": the same frames on bare streams, without codec, calls or status:
the limit. All processes start with \`--initial-heap-size=256\`: in a heap of 10 MB, V8 may collect all garbage every
few dozen messages of 64 KB, depending on how much code a peer loads.

Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown processor"}.

![Ratios to grpc-js](benchmarks.svg)

${tables.filter((part) => part !== "").join("\n")}`;
  writeFileSync(join(folder, "benchmarks.md"), text);
  writeFileSync(
    join(folder, "benchmarks.svg"),
    chart(results, (peer) => peer.startsWith("gen-stubs")),
  );
}
