import type { RetryStats } from "../../transport/transport.js";
import type { BufferPool } from "./request-buffer.js";
import type { RetryThrottle } from "./throttle.js";

/** What happened on a channel for the sake of retries and hedging. */
export class RetryCounts {
  retries = 0;
  hedges = 0;
  throttled = 0;
  overflowed = 0;
  /** Calls under a policy that have no status yet, and their attempts that have none. */
  openCalls = 0;
  openAttempts = 0;
  /** Attempts beyond the first of each call; and attempts that failed, beyond the calls that did. */
  extraAttempts = 0;
  extraFailures = 0;

  stats(pool: BufferPool, throttle: RetryThrottle): RetryStats {
    const { retries, hedges, throttled, overflowed } = this;
    return { retries, hedges, throttled, overflowed, bufferedBytes: pool.used, tokens: throttle.tokens };
  }
}
