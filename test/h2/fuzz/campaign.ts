import fc from "fast-check";
import { cuts, sequences } from "./frame-sequences.js";
import { hostile } from "./hostile.js";
import { Pair } from "./pair.js";
import { pairOptions, pairSteps } from "./pair-steps.js";

/** What can be fuzzed, by name: each takes a number of runs and a seed, and throws what fast-check reports. */
export const campaigns: Readonly<Record<string, (runs: number, seed: number) => void>> = {
  server: (numRuns, seed) =>
    fc.assert(
      fc.property(sequences, cuts, (frames, sizes) => hostile("server", frames, sizes)),
      { numRuns, seed },
    ),
  client: (numRuns, seed) =>
    fc.assert(
      fc.property(sequences, cuts, (frames, sizes) => hostile("client", frames, sizes)),
      { numRuns, seed },
    ),
  pair: (numRuns, seed) =>
    fc.assert(
      fc.property(pairOptions, pairSteps, (options, steps) => {
        const pair = new Pair(options);
        for (const step of steps) pair.step(step);
        pair.settle();
      }),
      { numRuns, seed },
    ),
};
