import { blocks } from "../../core/block-pool.js";
import type { Environment } from "../../h2/index.js";

// Taken when this is imported, so that a user's fake timers and clocks do not affect connections (P19).
const { setTimeout, clearTimeout, performance } = globalThis;
const now = performance.now.bind(performance);

/** Milliseconds of the longest timer that Node has: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const LONGEST = 0x7fff_ffff;

/** Node's clock, timers and memory, for all connections of the process. */
export const nodeEnvironment: Environment = {
  now,
  after(ms, callback) {
    return setTimeout(callback, Math.min(ms, LONGEST)).unref();
  },
  cancel(timer) {
    clearTimeout(timer as NodeJS.Timeout); // what `after` gave out
  },
  acquire(size) {
    return blocks.acquire(size);
  },
  release(block) {
    blocks.release(block);
  },
};
