import { Duplex } from "node:stream";

/** Two streams: what is written to one is read from the other. Backpressure passes through; so do ends and failures. */
export function duplexPair(): [Duplex, Duplex] {
  const a = new PairEnd();
  const b = new PairEnd();
  a.other = b;
  b.other = a;
  return [a, b];
}

class PairEnd extends Duplex {
  other!: PairEnd;
  /** The write of the other end that waits for this one to read. */
  #waiting: (() => void) | undefined;

  constructor() {
    // As a socket: when the other end has ended, this one ends too.
    super({ allowHalfOpen: false });
  }

  override _read(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.other.#receive(chunk, callback);
  }

  override _final(callback: () => void): void {
    if (!this.other.destroyed) this.other.push(null);
    process.nextTick(callback);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    const { other } = this;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    process.nextTick(() => {
      waiting?.();
      if (!other.destroyed) other.destroy();
    });
    callback(error);
  }

  #receive(chunk: Buffer, callback: () => void): void {
    if (this.destroyed) {
      process.nextTick(callback);
      return;
    }
    // HTTP/2 may use its buffer again when the write is done, while the reader still holds what it was given.
    if (this.push(Buffer.from(chunk))) process.nextTick(callback);
    else this.#waiting = callback;
  }
}
