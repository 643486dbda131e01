import { Duplex } from "node:stream";

/**
 * Two streams: what is written to one is read from the other, and so are ends and failures. Writes are done at once,
 * whether the other end reads or not: an HTTP/2 session of Node does not read while a write is pending, so two sessions
 * that wait for each other would wait forever. HTTP/2's own flow control bounds what is under way.
 */
export function duplexPair(): [Duplex, Duplex] {
  const a = new PairEnd();
  const b = new PairEnd();
  a.other = b;
  b.other = a;
  return [a, b];
}

class PairEnd extends Duplex {
  other!: PairEnd;

  constructor() {
    // As a socket: when the other end has ended, this one ends too.
    super({ allowHalfOpen: false });
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    // HTTP/2 may use its buffer again when the write is done, while the reader still holds what it was given.
    if (!this.other.destroyed) this.other.push(Buffer.from(chunk));
    process.nextTick(callback);
  }

  override _final(callback: () => void): void {
    if (!this.other.destroyed) this.other.push(null);
    process.nextTick(callback);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    const { other } = this;
    process.nextTick(() => {
      if (!other.destroyed) other.destroy();
    });
    callback(error);
  }
}
