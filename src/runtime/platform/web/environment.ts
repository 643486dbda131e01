import { BlockPool } from "../../core/block-pool.js";
import { monotonicMs, startQuietTimer, stopTimer, type Timer } from "../../core/clock.js";
import type { Environment } from "../../h2/index.js";

const pool = new BlockPool((size) => new Uint8Array(size));

/** A timer as the engine has it: an object. Browsers have numbers. */
interface Started {
  readonly timer: Timer;
}

/** Clock, timers and memory, by functions that browsers, Workers and Node all have. */
export const webEnvironment: Environment = {
  now: monotonicMs,
  after(ms, callback): Started {
    return { timer: startQuietTimer(callback, ms) };
  },
  cancel(started) {
    stopTimer((started as Started).timer); // what `after` gave out
  },
  acquire(size) {
    return pool.acquire(size);
  },
  release(block) {
    pool.release(block);
  },
};
