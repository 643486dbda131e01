import { baseline, type PeerEntry } from "./peers.js";
import { ProcessPair, type Speed } from "./process-pair.js";
import type { Scenario } from "./scenarios.js";
import { type Failure, type Result, summarize } from "./statistics.js";

export type Outcome = Result | Failure;

export interface Plan {
  readonly scenarios: readonly Scenario[];
  readonly peers: readonly PeerEntry[];
  /** How often the processes are made anew: two pairs of one peer can differ by a fifth where latency counts. */
  readonly generations: number;
  /** Of each generation. */
  readonly rounds: number;
  /** How long one peer runs in one round. */
  readonly milliseconds: number;
  report(scenario: Scenario, results: readonly Outcome[]): void;
}

/** By then V8 has optimized what there is to optimize, also where messages are few. */
const WARM_UP_MS = 800;

/**
 * Runs every scenario with every peer. In each round each peer takes its turn right beside one of the baseline, now
 * before it and now behind it, so that whatever else the machine does meets both. The pairs of processes are made anew for
 * each scenario, so that no scenario warms another's code.
 */
export async function measure({
  scenarios,
  peers,
  generations,
  rounds,
  milliseconds,
  report,
}: Plan): Promise<Map<string, Outcome[]>> {
  const results = new Map<string, Outcome[]>();
  for (const scenario of scenarios) {
    const runs = peers.map(({ name }) => new Run(name));
    for (let generation = 0; generation < (scenario.once ? 1 : generations); generation++) {
      for (const run of runs) await run.begin();
      if (scenario.once) await once(scenario, runs, milliseconds);
      else await interleave(scenario, runs, rounds, milliseconds);
      for (const run of runs) await run.end();
    }
    const done = runs.map((run) => run.result());
    results.set(scenario.name, done);
    report(scenario, done);
  }
  return results;
}

/** No warming up, and one turn for each: the baseline's is long. */
async function once({ name }: Scenario, runs: readonly Run[], milliseconds: number): Promise<void> {
  const base = runs.find(({ peer }) => peer === baseline);
  await base?.go(name, milliseconds);
  for (const run of runs) {
    if (run !== base) await run.go(name, milliseconds);
    run.compare(base);
  }
}

async function interleave(
  { name }: Scenario,
  runs: readonly Run[],
  rounds: number,
  milliseconds: number,
): Promise<void> {
  const base = runs.find(({ peer }) => peer === baseline);
  for (const run of runs) await run.warmUp(name);
  for (let round = 0; round < rounds; round++) {
    for (const run of runs) {
      if (run !== base && round % 2 === 0) await base?.go(name, milliseconds);
      await run.go(name, milliseconds);
      if (run !== base && round % 2 === 1) await base?.go(name, milliseconds);
      run.compare(base);
    }
  }
}

/** One peer in one scenario. Drops out at its first error. */
class Run {
  readonly peer: string;
  #pair: ProcessPair | undefined;
  readonly #speeds: Speed[] = [];
  readonly #ratios: number[] = [];
  #error: string | undefined;

  constructor(peer: string) {
    this.peer = peer;
  }

  async begin(): Promise<void> {
    this.#pair = await ProcessPair.start(this.peer);
  }

  async end(): Promise<void> {
    await this.#pair?.stop();
  }

  /** A turn that does not count. */
  async warmUp(scenario: string): Promise<void> {
    await this.#turn(scenario, WARM_UP_MS);
  }

  async go(scenario: string, milliseconds: number): Promise<void> {
    const speed = await this.#turn(scenario, milliseconds);
    if (speed !== undefined) this.#speeds.push(speed);
  }

  async #turn(scenario: string, milliseconds: number): Promise<Speed | undefined> {
    if (this.#error !== undefined) return undefined;
    try {
      return await this.#pair?.run(scenario, milliseconds);
    } catch (error) {
      this.#error = String(error);
      return undefined;
    }
  }

  /** Notes the ratio of the last turns. */
  compare(base: Run | undefined): void {
    const mine = this.#speeds.at(-1);
    const its = base === undefined ? undefined : base.#speeds.at(-1);
    if (mine !== undefined && its !== undefined) this.#ratios.push(mine.rate / its.rate);
  }

  result(): Outcome {
    if (this.#error !== undefined) return { peer: this.peer, error: this.#error };
    return summarize(this.peer, this.#speeds, this.#ratios);
  }
}
