/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error("no values");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** One peer in one scenario, over all rounds. */
export interface Result {
  readonly peer: string;
  /** Messages a second, median of the rounds; undefined where the peer failed. */
  readonly rate: number | undefined;
  /** To the baseline in the same round, median of the rounds. */
  readonly ratio: number | undefined;
  readonly error: string | undefined;
}

/** `rates` and `baselineRates` are by round. */
export function summarize(peer: string, rates: readonly number[], baselineRates: readonly number[]): Result {
  const ratios = rates.flatMap((rate, round) => {
    const base = baselineRates[round];
    return base === undefined ? [] : [rate / base];
  });
  return { peer, rate: median(rates), ratio: ratios.length > 0 ? median(ratios) : undefined, error: undefined };
}
