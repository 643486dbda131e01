import { BlockPool } from "../../../src/runtime/core/block-pool.js";
import type { Environment, TimerHandle } from "../../../src/runtime/h2/index.js";

interface Timer {
  at: number;
  callback: () => void;
}

/** A clock that a test moves, and timers that fire when it does. Released blocks are overwritten: who reads them too late sees it. */
export class FakeEnvironment implements Environment {
  time = 0;
  /** Blocks that were acquired and not released. */
  held = 0;
  readonly #timers = new Set<Timer>();
  readonly #pool = new BlockPool((size) => new Uint8Array(size));

  get timers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.time;
  }

  after(ms: number, callback: () => void): TimerHandle {
    const timer = { at: this.time + ms, callback };
    this.#timers.add(timer);
    return timer;
  }

  cancel(timer: TimerHandle): void {
    this.#timers.delete(timer as Timer);
  }

  acquire(size: number): Uint8Array {
    this.held++;
    return this.#pool.acquire(size);
  }

  release(block: Uint8Array): void {
    this.held--;
    block.fill(0xee);
    this.#pool.release(block);
  }

  /** Lets time pass. */
  advance(ms: number): void {
    const until = this.time + ms;
    for (;;) {
      const next = [...this.#timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.callback();
    }
    this.time = until;
  }
}
