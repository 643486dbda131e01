import type { Speed } from "./process-pair.js";

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error("no values");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function mean(values: readonly number[]): number {
  if (values.length === 0) throw new Error("no values");
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What one pair of processes did, round by round. */
export type Rounds = readonly Speed[];

/** One peer in one scenario: of each start the medians of the rounds, and of these the means. */
export interface Result extends Speed {
  readonly peer: string;
  /** Of its rate to the baseline's in the same round; undefined without a baseline. */
  readonly ratio: number | undefined;
  /** Our processor time as a part of this peer's in the same round, below 1 where we need less; undefined without ours. */
  readonly oursToIts: number | undefined;
  /** Microseconds of processor time a message in the first batch of fresh processes; undefined where nothing warms up. */
  readonly cold: number | undefined;
  readonly starts: readonly Rounds[];
}

/** A peer that failed. */
export interface Failure {
  readonly peer: string;
  readonly error: string;
}

/** What one peer did, start by start. */
export interface Runs {
  readonly peer: string;
  /** Of each start. */
  readonly cold: readonly number[];
  readonly starts: readonly Rounds[];
}

/** `baseline` and `ours` are what those peers did, start by start. */
export function summarize(runs: Runs, baseline: readonly Rounds[], ours: readonly Rounds[]): Result {
  const { peer, cold, starts } = runs;
  const typical = (figure: (speed: Speed) => number) => mean(starts.map((rounds) => median(rounds.map(figure))));
  return {
    peer,
    cold: cold.length > 0 ? mean(cold) : undefined,
    starts,
    rate: typical(({ rate }) => rate),
    cpu: typical(({ cpu }) => cpu),
    serverCpu: typical(({ serverCpu }) => serverCpu),
    ratio: paired(starts, baseline, (one, base) => one.rate / base.rate),
    oursToIts: paired(starts, ours, (one, our) => our.cpu / one.cpu),
  };
}

/** What compares two peers in the same round: the median of each start, and of these the mean. */
export function paired(
  starts: readonly Rounds[],
  others: readonly Rounds[],
  compare: (one: Speed, other: Speed) => number,
): number | undefined {
  const ofStarts = starts.flatMap((rounds, start) => {
    const ratios = rounds.flatMap((one, round) => {
      const other = others[start]?.[round];
      return other === undefined ? [] : [compare(one, other)];
    });
    return ratios.length > 0 ? [median(ratios)] : [];
  });
  return ofStarts.length > 0 ? mean(ofStarts) : undefined;
}
