/**
 * Tells that the last stream is over. While bytes are being received it waits for the end of a frame: it is never told from inside of
 * what told a stream's handler of its end.
 */
export class IdleNotice {
  readonly #tell: () => void;
  #receiving = false;
  #waits = false;

  /** @param tell Is called once for each {@link give} that was not told yet. */
  constructor(tell: () => void) {
    this.#tell = tell;
  }

  /** The last stream is over. */
  give(): void {
    this.#waits = true;
    if (!this.#receiving) this.deliver();
  }

  /** Between two frames. */
  deliver(): void {
    if (!this.#waits) return;
    this.#waits = false;
    this.#tell();
  }

  /** Bytes are about to be received. */
  hold(): void {
    if (this.#receiving) throw new Error("receive inside of receive");
    this.#receiving = true;
  }

  /** They were. */
  release(): void {
    this.#receiving = false;
    this.deliver();
  }
}
