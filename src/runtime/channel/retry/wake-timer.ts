import { monotonicMs, startTimer, stopTimer, type Timer } from "../../core/clock.js";

/** Who is woken. */
export interface Sleeper {
  /** The time that was asked for has come. */
  onTime(): void;
  /** The deadline came first. */
  onDeadline(): void;
}

/** One wait at a time, cut by a deadline. */
export class WakeTimer {
  readonly #deadline: number;
  readonly #sleeper: Sleeper;
  #timer: Timer | undefined;
  #wakeAt = 0;

  /** @param deadline on the monotonic clock, in milliseconds */
  constructor(deadline: number, sleeper: Sleeper) {
    this.#deadline = deadline;
    this.#sleeper = sleeper;
  }

  /** Wakes in so many milliseconds; an earlier wait is forgotten. */
  start(delayMs: number): void {
    this.#wakeAt = monotonicMs() + delayMs;
    this.#arm();
  }

  stop(): void {
    stopTimer(this.#timer);
    this.#timer = undefined;
  }

  /** @internal A wait longer than timers reach takes several. */
  fired(): void {
    this.#timer = undefined;
    const now = monotonicMs();
    if (now >= this.#deadline) this.#sleeper.onDeadline();
    else if (now < this.#wakeAt) this.#arm();
    else this.#sleeper.onTime();
  }

  #arm(): void {
    this.stop();
    const at = Math.min(this.#wakeAt, this.#deadline);
    this.#timer = startTimer(onTimer, Math.max(0, Math.ceil(at - monotonicMs())), this);
  }
}

function onTimer(timer: WakeTimer): void {
  timer.fired();
}
