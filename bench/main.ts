/**
 * Measures streams and unary calls of our stubs beside other ways to use gRPC in Node.
 *
 * `npm run bench -- [--scenario <start of name>]… [--peer <name>]… [--rounds 5] [--ms 400] [--write]`
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measure } from "./measure.js";
import { baseline, peers } from "./peers.js";
import { writeReport } from "./report.js";
import { scenarios } from "./scenarios.js";
import { microseconds, rate } from "./table.js";

const { values } = parseArgs({
  options: {
    scenario: { type: "string", multiple: true },
    peer: { type: "string", multiple: true },
    rounds: { type: "string", default: "5" },
    ms: { type: "string", default: "400" },
    write: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const milliseconds = Number(values.ms);
const chosen = scenarios.filter(({ name }) => values.scenario?.some((start) => name.startsWith(start)) ?? true);
const results = await measure({
  scenarios: chosen,
  peers: peers.filter(({ name }) => name === baseline || (values.peer?.includes(name) ?? true)),
  rounds,
  milliseconds,
  report(scenario, all) {
    console.log(scenario.name);
    for (const one of all) {
      const figures =
        "error" in one
          ? one.error
          : `${(one.ratio ?? 0).toFixed(2).padStart(8)}  ${`${rate(one.rate)}/s`.padStart(9)}  ${microseconds(one.cpu)}`;
      console.log(`  ${one.peer.padEnd(30)}${figures}`);
    }
  },
});
if (values.write) {
  writeReport(join(import.meta.dirname, "../../docs"), chosen, results, { rounds, milliseconds });
  console.log("written: docs/benchmarks.md, docs/benchmarks.svg");
}
