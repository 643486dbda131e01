import { inCleanContext } from "../../core/async-context.js";
import { monotonicMs, startQuietTimer, stopTimer, type Timer } from "../../core/clock.js";
import type { Environment, TimerHandle } from "../../h2/index.js";
import { allocate } from "../../wire/block-pool.js";

/** Time and memory for connections. Their timers run in nobody's context (P18). */
export const environment: Environment = {
  now: monotonicMs,
  after: (ms, callback) => inCleanContext(() => startQuietTimer(callback, ms, undefined)) as TimerHandle, // opaque there
  cancel: (timer) => stopTimer(timer as Timer), // what `after` returned
  allocate,
};
