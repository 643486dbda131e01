import { inCleanContext } from "../../../core/async-context.js";
import { keepAlive, startTimer, stopTimer, type Timer } from "../../../core/clock.js";
import { Backoff, type BackoffOptions } from "./backoff.js";

/** The wait before the next attempt to connect. It keeps a process alive only where somebody waits for its end. */
export class ReconnectWait {
  readonly #backoff: Backoff;
  readonly #over: () => void;
  #timer: Timer | undefined;

  /** @param over hears that the wait is over, in nobody's asynchronous context */
  constructor(options: BackoffOptions, over: () => void) {
    this.#backoff = new Backoff(options);
    this.#over = over;
  }

  get running(): boolean {
    return this.#timer !== undefined;
  }

  /** Begins, longer than the last one; no second one while it runs. */
  start(awaited: boolean): void {
    if (this.#timer !== undefined) return;
    inCleanContext(() => {
      this.#timer = startTimer(onOver, this.#backoff.next(), this);
    });
    this.awaited = awaited;
  }

  /** Whether somebody waits for its end. */
  set awaited(awaited: boolean) {
    if (this.#timer !== undefined) keepAlive(this.#timer, awaited);
  }

  /** Ends without a word; `over` will not hear. */
  stop(): void {
    stopTimer(this.#timer);
    this.#timer = undefined;
  }

  /** The next wait is the shortest again. */
  reset(): void {
    this.#backoff.reset();
  }

  /** @internal */
  ended(): void {
    this.#timer = undefined;
    this.#over();
  }
}

function onOver(wait: ReconnectWait): void {
  wait.ended();
}
