/** The waits between attempts to connect (gRPC connection backoff protocol). */
export interface BackoffOptions {
  /** The first wait in ms. Default 1000. */
  readonly initialBackoffMs?: number | undefined;
  /** The longest wait in ms. Default 120000. */
  readonly maxBackoffMs?: number | undefined;
}

const MULTIPLIER = 1.6;
const JITTER = 0.2;

/** Exponential, with jitter, so that clients of a server that comes back do not arrive all at once. */
export class Backoff {
  readonly #initial: number;
  readonly #max: number;
  #next: number;

  constructor(options: BackoffOptions) {
    this.#initial = options.initialBackoffMs ?? 1000;
    this.#max = options.maxBackoffMs ?? 120_000;
    this.#next = this.#initial;
  }

  /** The next wait in ms. */
  next(random: () => number = Math.random): number {
    const wait = Math.min(this.#next, this.#max);
    this.#next = Math.min(this.#next * MULTIPLIER, this.#max);
    return wait * (1 - JITTER + 2 * JITTER * random());
  }

  /** A connection was there: start over. */
  reset(): void {
    this.#next = this.#initial;
  }
}
