import type { PolicyClock } from "../../../src/runtime/channel/clock.js";

/** A clock that goes when it is told to. */
export class FakeClock implements PolicyClock {
  #now = 0;
  #due: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#now + delayMs, run };
    this.#due.push(timer);
    return () => {
      this.#due = this.#due.filter((one) => one !== timer);
    };
  }

  /** How many timers run. */
  get timers(): number {
    return this.#due.length;
  }

  /** Goes on by so many milliseconds, and runs what is due on the way. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#due.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#now = next.at;
      this.#due = this.#due.filter((one) => one !== next);
      next.run();
    }
    this.#now = end;
  }
}
