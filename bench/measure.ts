import type { TlsFiles } from "./peer.js";
import { baseline, ours, type PeerEntry, takesPart } from "./peers.js";
import { ProcessPair, type Speed } from "./process-pair.js";
import type { Scenario } from "./scenarios.js";
import { type Failure, type Result, summarize } from "./statistics.js";
import { untilFlat } from "./warm-up.js";

export type Outcome = Result | Failure;

export interface Plan {
  readonly scenarios: readonly Scenario[];
  readonly peers: readonly PeerEntry[];
  readonly rounds: number;
  /** How long one peer runs in one round. */
  readonly milliseconds: number;
  readonly tls: TlsFiles;
  /** How many slices of half a second a peer has to warm up, after its first second. Default: 8. */
  readonly warmUpSlices?: number | undefined;
  report(scenario: Scenario, results: readonly Outcome[]): void;
}

/**
 * Runs every scenario with every peer that takes part in it. In each round the peers take turns, so that whatever else the
 * machine does meets all of them; the pairs of processes are made anew for each scenario, so that no scenario warms
 * another's code.
 */
export async function measure(plan: Plan): Promise<Map<string, Outcome[]>> {
  const results = new Map<string, Outcome[]>();
  for (const scenario of plan.scenarios) {
    const runs: Run[] = [];
    for (const peer of plan.peers) if (takesPart(peer, scenario)) runs.push(await Run.start(peer, scenario, plan.tls));
    for (const run of runs) await run.warmUp(plan.warmUpSlices);
    for (let round = 1; round <= (scenario.once ? 1 : plan.rounds); round++) {
      for (const run of runs) await run.go(plan.milliseconds);
    }
    const speedsOf = (name: string): readonly Speed[] => runs.find(({ peer }) => peer === name)?.speeds ?? [];
    const done = runs.map((run) => run.result(speedsOf(baseline), speedsOf(ours)));
    results.set(scenario.name, done);
    plan.report(scenario, done);
    for (const run of runs) await run.stop();
  }
  return results;
}

/** One peer in one scenario. Drops out at its first error. */
class Run {
  readonly peer: string;
  readonly speeds: Speed[] = [];
  readonly #scenario: Scenario;
  #pair: ProcessPair | undefined;
  #cold = 0;
  #error: string | undefined;

  private constructor(peer: string, scenario: Scenario) {
    this.peer = peer;
    this.#scenario = scenario;
  }

  static async start(peer: PeerEntry, scenario: Scenario, tls: TlsFiles): Promise<Run> {
    const run = new Run(peer.name, scenario);
    const { oneCore, connections = 1 } = scenario;
    await run.#try(async () => {
      run.#pair = await ProcessPair.start(peer, { oneCore, connections, ...(scenario.tls ? { tls } : {}) });
    });
    return run;
  }

  /** Its first batch is the cold start. */
  warmUp(mostSlices: number | undefined): Promise<void> {
    return this.#try(async () => {
      if (this.#scenario.once) return;
      this.#cold = (await this.#measure(0)).cpu;
      await untilFlat(async (milliseconds) => (await this.#measure(milliseconds)).cpu, mostSlices);
    });
  }

  go(milliseconds: number): Promise<void> {
    return this.#try(async () => {
      this.speeds.push(await this.#measure(milliseconds));
    });
  }

  result(base: readonly Speed[], our: readonly Speed[]): Outcome {
    if (this.#error !== undefined) return { peer: this.peer, error: this.#error };
    return summarize({ peer: this.peer, cold: this.#cold, speeds: this.speeds }, base, our);
  }

  async stop(): Promise<void> {
    await this.#pair?.stop();
  }

  async #measure(milliseconds: number): Promise<Speed> {
    if (this.#pair === undefined) throw new Error("its processes did not start");
    return this.#pair.run(this.#scenario.work, milliseconds);
  }

  async #try(step: () => Promise<void>): Promise<void> {
    if (this.#error !== undefined) return;
    try {
      await step();
    } catch (error) {
      this.#error = String(error);
    }
  }
}
