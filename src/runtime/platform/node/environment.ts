import { blocks } from "../../core/block-pool.js";
import { monotonicMs, startQuietTimer, stopTimer, type Timer } from "../../core/clock.js";
import type { Environment, TimerHandle } from "../../h2/index.js";

/** Node's clock, timers and memory, for all connections of the process. */
export const nodeEnvironment: Environment = {
  now: monotonicMs,
  after(ms, callback) {
    return startQuietTimer(callback, ms) as Timer & TimerHandle; // Node's timers are objects
  },
  cancel(timer) {
    stopTimer(timer as Timer); // what `after` gave out
  },
  acquire(size) {
    return blocks.acquire(size);
  },
  release(block) {
    blocks.release(block);
  },
};
