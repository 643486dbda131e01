/** Lets the reading of a body go on while less than so many bytes lie unread (P9). */
export class ReadGate {
  readonly #limit: number;
  #unread = 0;
  #wake: (() => void) | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** So many bytes came. */
  add(bytes: number): void {
    this.#unread += bytes;
  }

  /** So many bytes were read, or thrown away. */
  consumed(bytes: number): void {
    this.#unread -= bytes;
    if (this.#unread < this.#limit) this.open();
  }

  /** Undefined where there is room; else what to wait for. */
  room(): Promise<void> | undefined {
    if (this.#unread < this.#limit) return undefined;
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Whoever waits goes on. */
  open(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
