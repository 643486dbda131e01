/**
 * How many RST_STREAM frames a client may send on one connection: so many at once, and so many a second. nghttp2, under
 * every Node server, closes a connection that exceeds them (against "rapid reset", CVE-2023-44487), and with it all its
 * calls: our client moves on to a new connection before that, our server closes the connection itself.
 */
const BURST = 1000;
const PER_SECOND = 33;

/** A bucket of that many tokens. */
export class ResetBudget {
  readonly #burst: number;
  #tokens: number;
  #filledAt = performance.now();

  /** @param reserve Tokens that are never spent. */
  constructor(reserve: number) {
    this.#burst = BURST - reserve;
    this.#tokens = this.#burst;
  }

  /** Spends one; false where there was none left. */
  spend(): boolean {
    const now = performance.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) / 1000) * PER_SECOND);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
