/** Hears that nothing came for too long; and knows whether that is the peer's doing. */
export interface IdleListener {
  /** True while the delay is ours: messages wait for a slow reader. */
  readonly isBehind: boolean;
  onIdle(): void;
}

/**
 * Notices silence. One timer for a call: activity only notes the time, and the timer, when it fires, looks how long ago
 * that was.
 */
export class IdleTimer {
  readonly #idleMs: number;
  readonly #listener: IdleListener;
  #last: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(idleMs: number, listener: IdleListener) {
    this.#idleMs = idleMs;
    this.#listener = listener;
    this.#last = performance.now();
    this.#arm(idleMs);
  }

  /** Something came. */
  touch(): void {
    this.#last = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => this.#look(), Math.min(ms, MAX_TIMER_MS));
  }

  #look(): void {
    if (this.#listener.isBehind) this.touch();
    const left = this.#last + this.#idleMs - performance.now();
    if (left > 0) this.#arm(Math.ceil(left));
    else this.#listener.onIdle();
  }
}

/** The longest `setTimeout` takes; longer ones would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
