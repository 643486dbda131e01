/**
 * Encoding and decoding alone, in one process: our codecs, with generated code and without, beside protobuf-es, ts-proto and
 * protobuf.js. `npm run bench:codec -- [--rounds 150] [--only <start of a name>] [--before <codec-es.js of an earlier
 * build>]`. Nanoseconds a message, the least of all turns, and in brackets how many times that of the generated codec.
 */
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { cases } from "./cases.js";
import { type CodecOf, type Contender, decoders, encoders } from "./contenders.js";
import { compare } from "./time.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "150" },
    only: { type: "string", default: "" },
    before: { type: "string" },
  },
});
const before: CodecOf | undefined =
  values.before === undefined ? undefined : (await import(pathToFileURL(values.before).href)).es;

function report(name: string, what: string, contenders: readonly Contender[]): void {
  const times = compare(contenders, Number(values.rounds));
  const ours = times.get("generated")!;
  const cells = [...times].map(([contender, took]) => `${contender} ${took.toFixed(0)} (${(took / ours).toFixed(2)})`);
  console.log(`${name.padEnd(22)} ${what}   ${cells.join("   ")}`);
}

for (const one of cases) {
  if (!one.name.startsWith(values.only)) continue;
  report(one.name, "encode", encoders(one, before));
  report(one.name, "decode", decoders(one, before));
}
