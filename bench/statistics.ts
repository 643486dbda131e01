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
}

/** A peer that failed. */
export interface Failure {
  readonly peer: string;
  readonly error: string;
}

/** `speeds` and `baseline` are by round. */
export function summarize(peer: string, speeds: readonly Speed[], baseline: readonly Speed[]): Result {
  const ratios = speeds.flatMap(({ rate }, round) => {
    const base = baseline[round];
    return base === undefined ? [] : [rate / base.rate];
  });
  return {
    peer,
    rate: median(speeds.map(({ rate }) => rate)),
    cpu: median(speeds.map(({ cpu }) => cpu)),
    ratio: ratios.length > 0 ? median(ratios) : undefined,
  };
}
