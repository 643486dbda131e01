/**
 * What stands around a call, and what it costs: µs of processor time of a call, client and server together over TCP. Variants take
 * turns, each in a process of its own. `--variant NAME`: that one alone (repeatable). `--baseline FOLDER`: an older checkout, built, whose "nothing" is measured beside today's.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { variants } from "./variants.js";

const { values } = parseArgs({
  options: {
    baseline: { type: "string" },
    rounds: { type: "string", default: "21" },
    variant: { type: "string", multiple: true },
  },
});
const ROUNDS = Number(values.rounds);
const CALLS = { unary: 16_000, stream: 3_200 } as const;

const repository = fileURLToPath(new URL("../../../../../", import.meta.url));
const runtimeOf = (checkout: string): string => join(checkout, "src/runtime/dist");

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

class Measured {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #results = new Map<string, number[]>();

  constructor(name: string, checkout: string, variant: string) {
    this.name = name;
    this.#child = fork(fileURLToPath(new URL("./process.js", import.meta.url)), [runtimeOf(checkout), variant]);
  }

  async ready(): Promise<void> {
    await once(this.#child, "message");
  }

  async round(kind: keyof typeof CALLS, counts: boolean): Promise<void> {
    this.#child.send({ kind, calls: CALLS[kind] });
    const [microseconds] = await once(this.#child, "message");
    if (counts) this.#results.set(kind, [...(this.#results.get(kind) ?? []), microseconds]);
  }

  /** Of the rounds, in the middle. */
  cost(kind: string): number {
    return median(this.#of(kind));
  }

  /** How much more than another in the same rounds: what befalls a round befalls both. In percent, in the middle. */
  beside(other: Measured, kind: string): number {
    const theirs = other.#of(kind);
    return median(this.#of(kind).map((cost, round) => 100 * (cost / (theirs[round] ?? Number.NaN) - 1)));
  }

  #of(kind: string): readonly number[] {
    return this.#results.get(kind) ?? [];
  }

  stop(): void {
    this.#child.disconnect();
  }
}

const wanted = ["nothing", ...(values.variant ?? Object.keys(variants))];
const all = Object.keys(variants)
  .filter((name) => wanted.includes(name))
  .map((name) => new Measured(name, repository, name));
if (values.baseline !== undefined) all.unshift(new Measured("nothing, as it was", values.baseline, "nothing"));
await Promise.all(all.map((one) => one.ready()));
for (let round = -3; round < ROUNDS; round++) {
  for (const kind of Object.keys(CALLS) as (keyof typeof CALLS)[]) {
    // Each first in turn: whoever comes behind another finds the processor as that left it.
    for (let at = 0; at < all.length; at++) await all[(at + round + 3) % all.length]?.round(kind, round >= 0);
  }
}
const plain = all.find(({ name }) => name === "nothing") as Measured; // always wanted
for (const kind of Object.keys(CALLS)) {
  console.log(kind === "unary" ? "\nunary, 20 B, 64 at once" : "\nserver stream of 20 messages of 20 B, 64 at once");
  for (const one of all) {
    const percent = one.beside(plain, kind);
    const more = one === plain ? "" : `${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(1)} %`;
    console.log(`  ${one.name.padEnd(38)} ${one.cost(kind).toFixed(2).padStart(7)} µs  ${more}`);
  }
}
for (const one of all) one.stop();
