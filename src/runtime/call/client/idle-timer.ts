import { monotonicMs, startTimer, stopTimer, type Timer } from "../../core/clock.js";

/** Is told that nothing came for too long, and knows whether the peer is the cause. */
export interface IdleListener {
  /** True while this side causes the delay: received messages wait for a slow reader. */
  readonly isBehind: boolean;
  onIdle(): void;
}

/**
 * Measures idle time with one timer for each call. Activity only stores the time; when the timer fires, it checks how long ago
 * that was.
 */
export class IdleTimer {
  readonly #idleMs: number;
  readonly #listener: IdleListener;
  #last: number;
  #timer: Timer | undefined;

  constructor(idleMs: number, listener: IdleListener) {
    this.#idleMs = idleMs;
    this.#listener = listener;
    this.#last = monotonicMs();
    this.#arm(idleMs);
  }

  /** Something came. */
  touch(): void {
    this.#last = monotonicMs();
  }

  stop(): void {
    stopTimer(this.#timer);
  }

  /** @internal The timer fired. */
  look(): void {
    if (this.#listener.isBehind) this.touch();
    const left = this.#last + this.#idleMs - monotonicMs();
    if (left > 0) this.#arm(Math.ceil(left));
    else this.#listener.onIdle();
  }

  #arm(ms: number): void {
    this.#timer = startTimer(look, ms, this);
  }
}

function look(timer: IdleTimer): void {
  timer.look();
}
