import { monotonicMs } from "../../../core/clock.js";

/** Pings too early that a client is forgiven. */
const MAX_STRIKES = 2;

/**
 * Whether a client pings more often than it may (gRFC A8, "Server Enforcement"). Pings behind something that we sent are
 * free: they may measure bandwidth.
 */
export class PingPolicy {
  readonly #permitMs: number;
  readonly #now: () => number;
  #lastPing = Number.NEGATIVE_INFINITY;
  #strikes = 0;

  constructor(permitKeepaliveTimeMs: number, now: () => number = monotonicMs) {
    this.#permitMs = permitKeepaliveTimeMs;
    this.#now = now;
  }

  /** A ping came; true where it is one too many. */
  isTooMany(sentSinceLast: boolean): boolean {
    const now = this.#now();
    const early = now - this.#lastPing < this.#permitMs;
    this.#lastPing = now;
    if (sentSinceLast) this.#strikes = 0;
    else if (early) this.#strikes++;
    return this.#strikes > MAX_STRIKES;
  }
}
