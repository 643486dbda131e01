/**
 * Measures streams and unary calls of our stubs beside other ways to use gRPC, in Node and elsewhere.
 *
 * `npm run bench -- [--scenario <start of name>]… [--peer <name>]… [--starts 1] [--rounds 5] [--ms 400] [--baseline <folder>] [--doors] [--write]`
 *
 * `--starts`: how often, with fresh processes. Two starts of the same programs can differ by a fifth where both processes share a core,
 * and by a tenth elsewhere; five tell ratios apart that are nearer to each other.
 *
 * `--doors`: the doors for browsers, each beside connect-node's, instead of the other peers; 3 rounds, and a shorter warm-up.
 * `--baseline`: a built checkout of an older version, which takes part as `gen-stubs-baseline`.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepareBaseline, versionOf } from "./build/baseline.js";
import { makeCertificate } from "./build/certificate.js";
import { choose } from "./choose.js";
import { writeDoors } from "./doors-report.js";
import { measure, type Outcome } from "./measure.js";
import { doors } from "./peers.js";
import { type Conditions, writeReport } from "./report.js";
import { scenarios as all, doorScenarios, type Scenario } from "./scenarios.js";
import { microseconds, rate, ratio } from "./table.js";

const { values } = parseArgs({
  options: {
    scenario: { type: "string", multiple: true },
    peer: { type: "string", multiple: true },
    starts: { type: "string", default: "1" },
    rounds: { type: "string" },
    ms: { type: "string", default: "400" },
    baseline: { type: "string" },
    doors: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds ?? (values.doors ? 3 : 5));
const starts = Number(values.starts);
const milliseconds = Number(values.ms);
// What was asked for wrongly is told without a stack.
process.on("uncaughtException", (error) => {
  console.error(error.message);
  process.exit(1);
});
if (values.baseline !== undefined) prepareBaseline(values.baseline);
const { scenarios, peers, leftOut } = choose({
  from: values.doors ? doorScenarios : all,
  scenarios: values.scenario,
  peers: values.doors ? doors.map(({ name }) => name) : values.peer,
  withBaseline: values.baseline !== undefined,
});
for (const line of leftOut) console.log(`left out: ${line}`);

function print(scenario: Scenario, results: readonly Outcome[]): void {
  console.log(`\n${scenario.name}`.padEnd(36), " vs grpc-js  throughput    µs CPU    ours/its     cold");
  for (const one of results) {
    const figures =
      "error" in one
        ? one.error
        : [
            ratio(one.ratio).padStart(9),
            `${rate(one.rate)}/s`.padStart(12),
            microseconds(one.cpu).padStart(10),
            ratio(one.oursToIts).padStart(11),
            (one.cold === undefined ? "–" : microseconds(one.cold)).padStart(9),
          ].join(" ");
    console.log(`  ${one.peer.padEnd(34)}${figures}`);
  }
}

const tls = await makeCertificate();
// There are a dozen doors and slow ones among them: all of it is to take less than five minutes on two cores.
const warmUpSlices = values.doors ? 3 : undefined;
const results = await measure({ scenarios, peers, starts, rounds, milliseconds, tls, warmUpSlices, report: print });
if (values.write) {
  const folder = join(import.meta.dirname, "../../docs");
  const baseline = values.baseline === undefined ? undefined : versionOf(values.baseline);
  const conditions: Conditions = { starts, rounds, milliseconds, leftOut, baseline };
  if (values.doors) writeDoors(folder, results, conditions);
  else writeReport(folder, scenarios, results, conditions);
  console.log(`written: ${values.doors ? "docs/doors.md" : "docs/benchmarks.md, docs/benchmarks.svg"}`);
}
