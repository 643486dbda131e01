import { monotonicMs } from "../../../core/clock.js";

/**
 * How many RST_STREAM frames a client may send on one connection: so many at once, and so many a second. nghttp2, under
 * every Node server, closes a connection that exceeds them (against "rapid reset", CVE-2023-44487), and with it all its
 * calls: our client moves on to a new connection before that, with some left for the calls that are still open.
 */
const BURST = 1000;
const PER_SECOND = 33;
const RESERVED = 200;

/** A bucket of that many tokens. */
export class ResetBudget {
  readonly #now: () => number;
  #tokens = BURST - RESERVED;
  #filledAt: number;

  constructor(now: () => number = monotonicMs) {
    this.#now = now;
    this.#filledAt = now();
  }

  /** Spends one; false where there was none left. */
  spend(): boolean {
    const now = this.#now();
    this.#tokens = Math.min(BURST - RESERVED, this.#tokens + ((now - this.#filledAt) / 1000) * PER_SECOND);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
