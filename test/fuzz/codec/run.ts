/**
 * Holds our codecs, with generated code and without, against protobuf-es: random schemas, random and mutated bytes. The same must
 * be accepted or refused, with the same text, the same value, and the same bytes written. `npm run fuzz:codec -- --runs
 * 120000 --seed 1`; a seed settles all. Exit 1, with the schema and the shortest bytes found, where something differs.
 */
import { parseArgs } from "node:util";
import { es } from "../../../src/runtime/codec-es.js";
import { campaign } from "./campaign.js";
import { generatedCodecs } from "./generated.js";

const { values } = parseArgs({ options: { runs: { type: "string" }, seed: { type: "string" } } });
const runs = Number(values.runs ?? 60_000);
const seed = Number(values.seed ?? 1);
const kinds = [
  ["without generated code", () => es],
  ["generated", generatedCodecs],
] as const;

if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) {
  console.error("usage: npm run fuzz:codec -- [--runs <count>] [--seed <number>]");
  process.exitCode = 2;
} else {
  const results = kinds.map(([kind, codecs]) => ({ kind, ...campaign(codecs, seed, runs) }));
  for (const { kind, accepted, failure } of results) {
    if (failure !== undefined) console.error(`${kind}: ${failure}`);
    console.log(`fuzz:codec, ${kind}: ${runs} inputs, ${accepted} of them messages (seed ${seed})`);
  }
  const failed = results.filter(({ failure }) => failure !== undefined).length;
  console.log(`fuzz:codec: ${kinds.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
