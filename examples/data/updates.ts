import { EventEmitter } from "node:events";

/** One measured value. */
export interface Update {
  readonly topic: string;
  readonly point: { readonly value: number; readonly timestamp: bigint };
  /** Milliseconds since the epoch; no two are alike, so a subscriber can go on behind the last it has seen. */
  readonly timestamp: bigint;
}

/** The latest updates. Subscribers read from here at their own pace; a slow one costs no memory. */
export class Updates extends EventEmitter<{ update: [] }> {
  readonly #latest: Update[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #last = 0n;

  constructor() {
    super();
    // One listener for each subscriber is no leak.
    this.setMaxListeners(0);
  }

  /** The timestamp of the next update, at the earliest. */
  now(): bigint {
    const now = BigInt(Date.now());
    return now > this.#last ? now : this.#last + 1n;
  }

  add(topic: string, value: number): void {
    this.#last = this.now();
    this.#latest.push({ topic, point: { value, timestamp: this.#last }, timestamp: this.#last });
    if (this.#latest.length > 10_000) this.#latest.shift();
    this.emit("update");
  }

  from(since: bigint, topics: readonly string[]): Update[] {
    return this.#latest.filter(({ timestamp, topic }) => timestamp >= since && topics.includes(topic));
  }

  /** Adds a value every 50 ms. */
  measure(topic: string): void {
    this.#timers.push(setInterval(() => this.add(topic, Math.random()), 50));
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}
