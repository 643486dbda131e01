/**
 * What stands around a call, and what it costs: µs of processor time of a call, client and server together over TCP. Variants take
 * turns, each in a process of its own; the whole is done again with fresh processes, as two processes of the same code may
 * differ by some percent for good. `nothing` is measured against the same runtime with the code of all that cut out (`without.ts`), against
 * one whose errors do not name the caller, and beside a twin of itself, which shows what of a difference is noise.
 *
 * `--variant NAME`: beside `nothing`, that one alone (repeatable; `none`: no other). `--baseline FOLDER`: an older checkout, built, whose "nothing" is
 * measured too. `--processes`, `--rounds`: how often with fresh processes, and how often in each.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CALLS, type Kind, Measured, quantile } from "./measured.js";
import { variants } from "./variants.js";
import { around, callersFrame, makeWithout } from "./without.js";

const { values } = parseArgs({
  options: {
    baseline: { type: "string" },
    processes: { type: "string", default: "12" },
    rounds: { type: "string", default: "25" },
    variant: { type: "string", multiple: true },
  },
});
const PROCESSES = Number(values.processes);
const ROUNDS = Number(values.rounds);
/** Rounds in which a process gets warm. */
const WARM_UP = 20;

const repository = fileURLToPath(new URL("../../../../../", import.meta.url));
const runtimeOf = (checkout: string): string => join(checkout, "src/runtime/dist");
const without = join(repository, ".cache/bench-around/without");
makeWithout(around, runtimeOf(repository), without);
const frameless = join(repository, ".cache/bench-around/frameless");
makeWithout(callersFrame, runtimeOf(repository), frameless);

const PLAIN = "nothing";
const WITHOUT = "nothing, and none of its code";
const FRAMELESS = "nothing, and no caller's frame";
const wanted = values.variant ?? Object.keys(variants);
/** Name, compiled runtime and variant of each row; the first is what the others are compared with. */
const rows: readonly (readonly [name: string, runtime: string, variant: string])[] = [
  [PLAIN, runtimeOf(repository), "nothing"],
  ["nothing, a second time", runtimeOf(repository), "nothing"],
  [WITHOUT, without, "nothing"],
  [FRAMELESS, frameless, "nothing"],
  ...(values.baseline === undefined ? [] : ([["nothing, as it was", runtimeOf(values.baseline), "nothing"]] as const)),
  ...Object.keys(variants)
    .filter((name) => name !== "nothing" && wanted.includes(name))
    .map((name) => [name, runtimeOf(repository), name] as const),
];

/** Of each row and kind: µs of a call in each set of processes. */
const results = new Map(rows.map(([name]) => [name, { unary: [] as number[], stream: [] as number[] }]));

for (let set = 0; set < PROCESSES; set++) {
  const all = rows.map(([name, runtime, variant]) => new Measured(name, runtime, variant));
  await Promise.all(all.map((one) => one.ready()));
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const kind of Object.keys(CALLS) as Kind[]) {
      // Each first in turn: whoever comes behind another finds the processor as that left it.
      for (let at = 0; at < all.length; at++) await all[(at + round + WARM_UP) % all.length]?.round(kind, round >= 0);
    }
  }
  for (const one of all) {
    for (const kind of Object.keys(CALLS) as Kind[]) results.get(one.name)?.[kind].push(one.cost(kind));
    one.stop();
  }
}

const signed = (percent: number): string => `${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(1)}`;

/** How much dearer than another one is, in percent: in the middle of the sets, and how far that may be wrong (two standard errors). */
function dearer(costs: readonly number[], than: readonly number[]): string {
  const percents = costs.map((cost, set) => 100 * (cost / (than[set] ?? Number.NaN) - 1));
  const middle = quantile(percents, 0.5);
  // The quartiles of a normal distribution are 1.35 deviations apart; a median's error is 1.25 times a mean's.
  const deviation = (quantile(percents, 0.75) - quantile(percents, 0.25)) / 1.35;
  return `${signed(middle)} % (± ${((2 * 1.25 * deviation) / Math.sqrt(percents.length)).toFixed(1)})`;
}

for (const kind of Object.keys(CALLS) as Kind[]) {
  console.log(kind === "unary" ? "\nunary, 20 B, 64 at once" : "\nserver stream of 20 messages of 20 B, 64 at once");
  const plain = results.get(PLAIN)?.[kind] ?? [];
  for (const [name, of] of results) {
    const more = name === PLAIN ? "" : dearer(of[kind], plain);
    console.log(`  ${name.padEnd(38)} ${quantile(of[kind], 0.5).toFixed(2).padStart(7)} µs  ${more}`);
  }
  console.log(`  what is there and not used costs ${dearer(plain, results.get(WITHOUT)?.[kind] ?? [])}`);
  console.log(`  the caller's frame costs ${dearer(plain, results.get(FRAMELESS)?.[kind] ?? [])}`);
}
console.log(`\n${PROCESSES} sets of processes, ${ROUNDS} rounds in each`);
