import { inCleanContext } from "../core/async-context.js";
import { monotonicMs, startQuietTimer, stopTimer } from "../core/clock.js";

/** Time, as resolvers and policies are given it: a test brings its own. */
export interface PolicyClock {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Runs it later, once; returns what prevents that. It keeps no process alive. */
  after(delayMs: number, run: () => void): () => void;
}

/** The clock of the runtime. */
export const systemClock: PolicyClock = {
  now: monotonicMs,
  after(delayMs, run) {
    const timer = inCleanContext(() => startQuietTimer(run, delayMs));
    return () => stopTimer(timer);
  },
};
