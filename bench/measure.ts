import { baseline, type PeerEntry } from "./peers.js";
import { ProcessPair, type Speed } from "./process-pair.js";
import type { Scenario } from "./scenarios.js";
import { type Failure, type Result, summarize } from "./statistics.js";

export type Outcome = Result | Failure;

export interface Plan {
  readonly scenarios: readonly Scenario[];
  readonly peers: readonly PeerEntry[];
  readonly rounds: number;
  /** How long one peer runs in one round. */
  readonly milliseconds: number;
  report(scenario: Scenario, results: readonly Outcome[]): void;
}

/** The same for all: by then V8 has optimized what there is to optimize, also where messages are few. */
const WARM_UP_MS = 1_000;

/**
 * Runs every scenario with every peer. In each round the peers take turns, so that whatever else the machine does meets
 * all of them; the pairs of processes are made anew for each scenario, so that no scenario warms another's code.
 */
export async function measure({
  scenarios,
  peers,
  rounds,
  milliseconds,
  report,
}: Plan): Promise<Map<string, Outcome[]>> {
  const results = new Map<string, Outcome[]>();
  for (const scenario of scenarios) {
    const runs: Run[] = [];
    for (const { name } of peers) runs.push(new Run(name, await ProcessPair.start(name)));
    // Round 0 warms up.
    const first = scenario.once ? 1 : 0;
    const last = scenario.once ? 1 : rounds;
    for (let round = first; round <= last; round++) {
      for (const run of runs) await run.go(scenario.name, round === 0 ? WARM_UP_MS : milliseconds, round > 0);
    }
    const base = runs.find(({ peer }) => peer === baseline)?.speeds ?? [];
    const done = runs.map((run) => run.result(base));
    results.set(scenario.name, done);
    report(scenario, done);
    for (const run of runs) await run.pair.stop();
  }
  return results;
}

/** One peer in one scenario. Drops out at its first error. */
class Run {
  readonly peer: string;
  readonly pair: ProcessPair;
  readonly speeds: Speed[] = [];
  #error: string | undefined;

  constructor(peer: string, pair: ProcessPair) {
    this.peer = peer;
    this.pair = pair;
  }

  async go(scenario: string, milliseconds: number, counts: boolean): Promise<void> {
    if (this.#error !== undefined) return;
    try {
      const speed = await this.pair.run(scenario, milliseconds);
      if (counts) this.speeds.push(speed);
    } catch (error) {
      this.#error = String(error);
    }
  }

  result(base: readonly Speed[]): Outcome {
    if (this.#error !== undefined) return { peer: this.peer, error: this.#error };
    return summarize(this.peer, this.speeds, base);
  }
}
