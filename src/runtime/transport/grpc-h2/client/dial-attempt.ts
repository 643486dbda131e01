import { startQuietTimer, stopTimer, type Timer } from "../../../core/clock.js";
import type { Dial, DialListener } from "../byte-pipe.js";

/** An attempt to connect, and the time it has: until the server's settings came, which may be long after the byte stream is there. */
export class DialAttempt {
  readonly #giveUp: () => void;
  readonly #timer: Timer | undefined;

  /** Throws what `dial` throws. */
  constructor(dial: Dial, listener: DialListener, timeoutMs: number, tooLate: (reason: string) => void) {
    this.#giveUp = dial(listener);
    this.#timer = startQuietTimer(() => tooLate(`no connection within ${timeoutMs} ms`), timeoutMs);
  }

  /** It is over, well or not. */
  end(): void {
    stopTimer(this.#timer);
  }

  /** A byte stream is not wanted any more. Only before there is one. */
  giveUp(): void {
    this.end();
    this.#giveUp();
  }
}
