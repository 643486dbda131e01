/**
 * Encoding and decoding alone, in one process: our codec beside protobuf-es, ts-proto and protobuf.js. `npm run bench:codec --
 * [--rounds 9] [--only <start of a name>] [--before <codec-es.js of an earlier build>]`. Medians of nanoseconds of processor time a
 * message, and in brackets the median of each round's ratio to ours: above 1 is slower than ours.
 */
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { cases } from "./cases.js";
import { type CodecOf, type Contender, decoders, encoders } from "./contenders.js";
import { compare, median } from "./time.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "9" },
    only: { type: "string", default: "" },
    before: { type: "string" },
  },
});
const rounds = Number(values.rounds);
const before: CodecOf | undefined =
  values.before === undefined ? undefined : (await import(pathToFileURL(values.before).href)).es;

function report(name: string, what: string, contenders: readonly Contender[]): void {
  const times = compare(contenders, rounds);
  const ours = times.get("ours")!;
  const cells = [...times].map(([contender, all]) => {
    const ratio = median(all.map((took, round) => took / ours[round]!));
    return `${contender} ${median(all).toFixed(0)} (${ratio.toFixed(2)})`;
  });
  console.log(`${name.padEnd(22)} ${what}   ${cells.join("   ")}`);
}

for (const one of cases) {
  if (!one.name.startsWith(values.only)) continue;
  report(one.name, "encode", encoders(one, before));
  report(one.name, "decode", decoders(one, before));
}
