/** A sample that fills so much of the window says that the window is the limit. */
const FULL = 2 / 3;

/** After samples that showed no need, so many bytes at most go by before the next. */
const MAX_PATIENCE = 16 * 1024 * 1024;

/**
 * Estimates the bandwidth-delay product of what is received, as other gRPC implementations do: what arrives between a PING and its
 * answer. A PING goes out only while DATA comes, one at a time, and ever more rarely where the window is no limit: peers that count
 * pings (gRPC's "ping strikes") count none of these.
 */
export class BdpEstimator {
  readonly #limit: number;
  #estimate: number;
  #received = 0;
  #patience: number;
  #sampling = false;
  #sentAt = 0;
  /** Bytes a millisecond, the most that was seen. */
  #bandwidth = 0;

  constructor(initial: number, limit: number) {
    this.#estimate = initial;
    this.#limit = limit;
    this.#patience = initial >>> 1;
  }

  /** DATA came; true where a PING is to be sent. */
  received(bytes: number): boolean {
    this.#received += bytes;
    return this.#received >= this.#patience && !this.#sampling && this.#estimate < this.#limit;
  }

  sent(now: number): void {
    this.#sampling = true;
    this.#received = 0;
    this.#sentAt = now;
  }

  /** The PING was answered. Returns the new window where it is to grow, else 0. */
  answered(now: number): number {
    const sample = this.#received;
    this.#sampling = false;
    this.#received = 0;
    const bandwidth = sample / Math.max(now - this.#sentAt, 0.001);
    const faster = bandwidth > this.#bandwidth;
    if (faster) this.#bandwidth = bandwidth;
    if (sample < this.#estimate * FULL || !faster) {
      this.#patience = Math.min(this.#patience * 2, MAX_PATIENCE);
      return 0;
    }
    this.#estimate = Math.min(2 * sample, this.#limit);
    this.#patience = this.#estimate >>> 1;
    return this.#estimate;
  }
}
