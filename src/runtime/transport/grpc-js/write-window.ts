/**
 * Counts the bytes that wait in a grpc-js stream, which itself counts only messages: `write` is allowed until more than
 * the high-water mark waits, and again once less does.
 */
export class WriteWindow {
  readonly #highWaterMark: number;
  readonly #onDrain: () => void;
  /** Sizes of what waits, in order; those before `#first` were written. */
  #sizes: number[] = [];
  #first = 0;
  #bytes = 0;
  #full = false;

  constructor(highWaterMark: number, onDrain: () => void) {
    this.#highWaterMark = highWaterMark;
    this.#onDrain = onDrain;
  }

  /** A message was handed to the stream. False: wait for the drain. */
  add(size: number): boolean {
    this.#sizes.push(size);
    this.#bytes += size;
    if (this.#bytes > this.#highWaterMark) this.#full = true;
    return !this.#full;
  }

  /** The callback of a write: the oldest message that waits is out. Bound, so that one function serves all writes. */
  readonly written = (): void => {
    this.#bytes -= this.#sizes[this.#first++] ?? 0;
    if (this.#first >= 1024 || this.#first === this.#sizes.length) {
      this.#sizes = this.#sizes.slice(this.#first);
      this.#first = 0;
    }
    if (this.#full && this.#bytes <= this.#highWaterMark) {
      this.#full = false;
      this.#onDrain();
    }
  };
}
