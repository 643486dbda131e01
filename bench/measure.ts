import type { TlsFiles } from "./peer.js";
import { baseline, ours, type PeerEntry, takesPart } from "./peers.js";
import { ProcessPair, type Speed } from "./process-pair.js";
import type { Scenario } from "./scenarios.js";
import { type Failure, type Result, type Rounds, summarize } from "./statistics.js";
import { untilFlat } from "./warm-up.js";

export type Outcome = Result | Failure;

export interface Plan {
  readonly scenarios: readonly Scenario[];
  readonly peers: readonly PeerEntry[];
  /** How often all processes of a scenario are started, each time for so many rounds. */
  readonly starts: number;
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
 * another's code, and again for each start, because what a process happens to become it remains: where the system lays its code,
 * and what V8 inlines.
 */
export async function measure(plan: Plan): Promise<Map<string, Outcome[]>> {
  const results = new Map<string, Outcome[]>();
  for (const scenario of plan.scenarios) {
    const able = plan.peers.filter((peer) => takesPart(peer, scenario));
    const runs = able.map((peer) => new Run(peer, scenario, plan.tls));
    const { starts, rounds } = scenario.once ? { starts: 1, rounds: 1 } : plan;
    for (let start = 1; start <= starts; start++) {
      for (const run of runs) await run.start();
      for (const run of runs) await run.warmUp(plan.warmUpSlices);
      for (let round = 1; round <= rounds; round++) {
        for (const run of runs) await run.go(plan.milliseconds);
      }
      for (const run of runs) await run.stop();
    }
    const startsOf = (name: string): readonly Rounds[] => runs.find((run) => run.peer.name === name)?.starts ?? [];
    const done = runs.map((run) => run.result(startsOf(baseline), startsOf(ours)));
    results.set(scenario.name, done);
    plan.report(scenario, done);
  }
  return results;
}

/** One peer in one scenario. Drops out at its first error. */
class Run {
  readonly peer: PeerEntry;
  readonly starts: Speed[][] = [];
  readonly #scenario: Scenario;
  readonly #tls: TlsFiles;
  readonly #cold: number[] = [];
  #pair: ProcessPair | undefined;
  #error: string | undefined;

  constructor(peer: PeerEntry, scenario: Scenario, tls: TlsFiles) {
    this.peer = peer;
    this.#scenario = scenario;
    this.#tls = tls;
  }

  start(): Promise<void> {
    this.starts.push([]);
    const { oneCore, connections = 1, tls } = this.#scenario;
    return this.#try(async () => {
      this.#pair = await ProcessPair.start(this.peer, { oneCore, connections, ...(tls ? { tls: this.#tls } : {}) });
    });
  }

  /** Its first batch is the cold start. */
  warmUp(mostSlices: number | undefined): Promise<void> {
    return this.#try(async () => {
      if (this.#scenario.once) return;
      this.#cold.push((await this.#measure(0)).cpu);
      await untilFlat(async (milliseconds) => (await this.#measure(milliseconds)).cpu, mostSlices);
    });
  }

  go(milliseconds: number): Promise<void> {
    return this.#try(async () => {
      this.starts.at(-1)?.push(await this.#measure(milliseconds));
    });
  }

  result(base: readonly Rounds[], our: readonly Rounds[]): Outcome {
    const peer = this.peer.name;
    if (this.#error !== undefined) return { peer, error: this.#error };
    return summarize({ peer, cold: this.#cold, starts: this.starts }, base, our);
  }

  async stop(): Promise<void> {
    await this.#pair?.stop();
    this.#pair = undefined;
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
