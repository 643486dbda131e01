/**
 * Measures streams and unary calls of our stubs beside other ways to use gRPC, in Node and elsewhere.
 *
 * `npm run bench -- [--scenario <start of name>]… [--peer <name>]… [--rounds 5] [--ms 400] [--baseline <folder>] [--write]`
 *
 * `--baseline`: a built checkout of an older version, which takes part as `gen-stubs-baseline`.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepareBaseline, versionOf } from "./build/baseline.js";
import { makeCertificate } from "./build/certificate.js";
import { choose } from "./choose.js";
import { measure, type Outcome } from "./measure.js";
import { writeReport } from "./report.js";
import type { Scenario } from "./scenarios.js";
import { microseconds, rate, ratio } from "./table.js";

const { values } = parseArgs({
  options: {
    scenario: { type: "string", multiple: true },
    peer: { type: "string", multiple: true },
    rounds: { type: "string", default: "5" },
    ms: { type: "string", default: "400" },
    baseline: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const milliseconds = Number(values.ms);
// What was asked for wrongly is told without a stack.
process.on("uncaughtException", (error) => {
  console.error(error.message);
  process.exit(1);
});
if (values.baseline !== undefined) prepareBaseline(values.baseline);
const { scenarios, peers, leftOut } = choose({
  scenarios: values.scenario,
  peers: values.peer,
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
            microseconds(one.cold).padStart(9),
          ].join(" ");
    console.log(`  ${one.peer.padEnd(34)}${figures}`);
  }
}

const tls = await makeCertificate();
const results = await measure({ scenarios, peers, rounds, milliseconds, tls, report: print });
if (values.write) {
  writeReport(join(import.meta.dirname, "../../docs"), scenarios, results, {
    rounds,
    milliseconds,
    leftOut,
    baseline: values.baseline === undefined ? undefined : versionOf(values.baseline),
  });
  console.log("written: docs/benchmarks.md, docs/benchmarks.svg");
}
