import { startTimer, stopTimer } from "../core/clock.js";
import { ignore } from "../core/deferred.js";

/** Lets one loop wait for a condition: it checks the condition again after each {@link wake}. */
export class WakeUp {
  #wake: () => void = ignore;

  wake(): void {
    this.#wake();
  }

  /** Resolves with the next {@link wake}. */
  woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Waits so long, or until a wake after which `isOver`. */
  async pause(ms: number, isOver: () => boolean): Promise<void> {
    let isDone = false;
    const done = (): void => {
      isDone = true;
      this.#wake();
    };
    const timer = startTimer(done, ms);
    while (!isDone && !isOver()) await this.woken();
    stopTimer(timer);
  }
}
