import { monotonicMs } from "../core/clock.js";
import { retryDelayMs } from "../core/retry-info.js";
import type { StatusObject } from "../core/rpc-error.js";
import type { Attempts } from "./resume-options.js";

/** The factor by which the wait is longer after a status that says "overloaded". */
const OVERLOADED = 10;
const MULTIPLIER = 2;

/**
 * How long to wait between calls: exponential, with jitter, as the server's RetryInfo says where it says something, and from the
 * beginning again after a long healthy stretch.
 */
export class AttemptWaits {
  readonly #attempts: Attempts;
  readonly #random: () => number;
  /** Calls that have ended since the last healthy stretch. */
  #ended = 0;
  #answeredAt: number | undefined;

  constructor(attempts: Attempts, random: () => number = Math.random) {
    this.#attempts = attempts;
    this.#random = random;
  }

  /** Another call is made; nothing has come yet. */
  began(): void {
    this.#answeredAt = undefined;
  }

  /** The call that is open has an answer: from here on it is healthy. */
  answered(): void {
    this.#answeredAt ??= monotonicMs();
  }

  /** The call ended. How many have, since the last long healthy stretch. */
  ended(): number {
    const since = this.#answeredAt;
    if (since !== undefined && monotonicMs() - since >= this.#attempts.healthyAfterMs) this.#ended = 0;
    this.#ended++;
    return this.#ended;
  }

  /** Milliseconds until the next call. A wait that the server asked for is a minimum: jitter only makes it longer. */
  delayMs(status: StatusObject, action: "resume" | "wait"): number {
    const { initialBackoffMs, maxBackoffMs, jitter } = this.#attempts;
    const asked = retryDelayMs(status.metadata);
    if (asked !== undefined) return asked * (1 + jitter * this.#random());
    const backoff = Math.min(initialBackoffMs * MULTIPLIER ** (this.#ended - 1), maxBackoffMs);
    return backoff * (action === "wait" ? OVERLOADED : 1) * (1 - jitter + 2 * jitter * this.#random());
  }
}
