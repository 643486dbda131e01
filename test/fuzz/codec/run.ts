/**
 * Holds our codec against protobuf-es: random schemas, random and mutated bytes. The same must be accepted or refused, with the
 * same text, the same value, and the same bytes written. `npm run fuzz:codec -- --runs 100000 --seed 1`; a seed settles
 * all. Exit 1, with the schema and the shortest bytes found, where something differs.
 */
import { parseArgs } from "node:util";
import { es } from "../../../src/runtime/codec-es.js";
import { campaign } from "./campaign.js";

const { values } = parseArgs({ options: { runs: { type: "string" }, seed: { type: "string" } } });
const runs = Number(values.runs ?? 120_000);
const seed = Number(values.seed ?? 1);
if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) {
  console.error("usage: npm run fuzz:codec -- [--runs <count>] [--seed <number>]");
  process.exitCode = 2;
} else {
  const { accepted, failure } = campaign(es, seed, runs);
  if (failure !== undefined) console.error(failure);
  const failed = failure === undefined ? 0 : 1;
  console.log(
    `fuzz:codec: ${runs} inputs, ${accepted} of them messages; ${1 - failed} passed, ${failed} failed (seed ${seed})`,
  );
  process.exitCode = failed;
}
