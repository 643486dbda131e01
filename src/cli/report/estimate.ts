/**
 * How many steps of a stage to show as done. Parts of the work tell only as they end, and there may be one part: until then
 * the time that has passed counts, as far as it can be trusted.
 *
 * @param done steps that are known to be done
 * @param elapsedMs since the stage began
 * @param expectedMs what the stage is likely to take; 0 where nothing is known
 */
export function shownSteps(done: number, total: number, elapsedMs: number, expectedMs: number): number {
  if (expectedMs <= 0) return done;
  return Math.max(done, Math.floor(total * Math.min(elapsedMs / expectedMs, trusted)));
}

/** The rest of a stage is never guessed. */
const trusted = 0.9;
