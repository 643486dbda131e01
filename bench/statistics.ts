import type { Speed } from "./process-pair.js";

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error("no values");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** One peer in one scenario: medians of the rounds. */
export interface Result extends Speed {
  readonly peer: string;
  /** Of its rate to the baseline's in the same round; undefined without a baseline. */
  readonly ratio: number | undefined;
  /** Our processor time as a part of this peer's in the same round, below 1 where we need less; undefined without ours. */
  readonly oursToIts: number | undefined;
  /** Microseconds of processor time a message in the first batch of fresh processes. */
  readonly cold: number;
  /** Round by round. */
  readonly speeds: readonly Speed[];
}

/** A peer that failed. */
export interface Failure {
  readonly peer: string;
  readonly error: string;
}

/** What one peer did in the rounds that count. */
export interface Runs {
  readonly peer: string;
  readonly cold: number;
  readonly speeds: readonly Speed[];
}

/** `baseline` and `ours` are the speeds of those peers by round. */
export function summarize(runs: Runs, baseline: readonly Speed[], ours: readonly Speed[]): Result {
  const { peer, cold, speeds } = runs;
  return {
    peer,
    cold,
    speeds,
    rate: median(speeds.map(({ rate }) => rate)),
    cpu: median(speeds.map(({ cpu }) => cpu)),
    serverCpu: median(speeds.map(({ serverCpu }) => serverCpu)),
    ratio: paired(speeds, baseline, (one, base) => one.rate / base.rate),
    oursToIts: paired(speeds, ours, (one, our) => our.cpu / one.cpu),
  };
}

/** The median of what compares two peers in the same round. */
export function paired(
  speeds: readonly Speed[],
  others: readonly Speed[],
  compare: (one: Speed, other: Speed) => number,
): number | undefined {
  const ratios = speeds.flatMap((one, round) => {
    const other = others[round];
    return other === undefined ? [] : [compare(one, other)];
  });
  return ratios.length > 0 ? median(ratios) : undefined;
}
