/** By then V8 has optimized what there is to optimize, also where messages are few. */
const LEAST_MS = 1_000;
const SLICE_MS = 500;
const MOST_SLICES = 8;
/** A slice that is not cheaper than the best before it by this part is as good as flat. */
const GAIN = 0.05;

/**
 * Runs until a slice costs no less processor time a message than the best before it, for two slices one after the other,
 * or for `mostSlices` slices. `run` runs so many milliseconds, and resolves with the processor time of a message.
 */
export async function untilFlat(
  run: (milliseconds: number) => Promise<number>,
  mostSlices: number = MOST_SLICES,
): Promise<void> {
  let best = await run(LEAST_MS);
  let flat = 0;
  for (let slice = 0; slice < mostSlices && flat < 2; slice++) {
    const cost = await run(SLICE_MS);
    flat = cost > best * (1 - GAIN) ? flat + 1 : 0;
    best = Math.min(best, cost);
  }
}
