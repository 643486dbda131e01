import { monotonicMs, startQuietTimer, stopTimer, type Timer } from "../../core/clock.js";
import { BlockPool, type Environment } from "../../h2/index.js";

const pool = new BlockPool((size) => new Uint8Array(size));

/** What a timer of a browser's, a number, is to the engine: an object. */
interface Started {
  readonly timer: Timer;
}

/** Clock, timers and memory of whatever platform there is, by what browsers, Workers and Node have in common. */
export const webEnvironment: Environment = {
  now: monotonicMs,
  after(ms, callback): Started {
    return { timer: startQuietTimer(callback, ms, undefined) };
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
