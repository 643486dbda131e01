import { monotonicMs, startTimer, stopTimer, type Timer } from "../core/clock.js";

/** The owner of a deadline. */
export interface DeadlineListener {
  onDeadline(): void;
}

/** Tells its owner, once, that the deadline has passed. */
export class DeadlineTimer {
  readonly #deadline: number;
  readonly #listener: DeadlineListener;
  #timer: Timer | undefined;

  private constructor(deadline: number, listener: DeadlineListener) {
    this.#deadline = deadline;
    this.#listener = listener;
    this.#arm();
  }

  /** @param deadline On the monotonic clock, in milliseconds; Infinity never comes and needs no timer. */
  static start(deadline: number, listener: DeadlineListener): DeadlineTimer | undefined {
    return deadline === Number.POSITIVE_INFINITY ? undefined : new DeadlineTimer(deadline, listener);
  }

  clear(): void {
    stopTimer(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    this.#timer = startTimer(onTimer, Math.max(0, Math.ceil(this.#deadline - monotonicMs())), this);
  }

  /** @internal A deadline further away than timers reach takes several. */
  fired(): void {
    if (monotonicMs() < this.#deadline) this.#arm();
    else this.#listener.onDeadline();
  }
}

function onTimer(timer: DeadlineTimer): void {
  timer.fired();
}
