import type { ParsedRetryPolicy } from "../service-config/index.js";

const JITTER = 0.2;

/** The waits between the attempts of one call (gRFC A6, "Exponential Backoff"). */
export class RetryBackoff {
  readonly #policy: ParsedRetryPolicy;
  #next: number;

  constructor(policy: ParsedRetryPolicy) {
    this.#policy = policy;
    this.#next = policy.initialBackoffMs;
  }

  /** The next wait in ms: a fifth shorter or longer than the policy has it, so that clients do not return all at once. */
  next(random: () => number = Math.random): number {
    const { backoffMultiplier, maxBackoffMs } = this.#policy;
    const wait = Math.min(this.#next, maxBackoffMs);
    this.#next = Math.min(this.#next * backoffMultiplier, maxBackoffMs);
    return wait * (1 - JITTER + 2 * JITTER * random());
  }

  /** The server said itself how long to wait: the waits begin anew behind that. */
  reset(): void {
    this.#next = this.#policy.initialBackoffMs;
  }
}
