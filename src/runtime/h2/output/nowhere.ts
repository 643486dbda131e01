import type { ByteSink } from "../../core/codec.js";

/** Takes what is written to a stream that is over. */
export class Nowhere implements ByteSink {
  bytes: Uint8Array = new Uint8Array(256);
  position = 0;

  reserve(size: number): void {
    const needed = this.position + size;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(2 * needed);
    grown.set(this.bytes);
    this.bytes = grown;
  }
}
