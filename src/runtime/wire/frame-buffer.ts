import { blocks } from "../core/block-pool.js";
import type { ByteSink } from "../core/codec.js";

const EMPTY = new Uint8Array(0);

/**
 * The bytes one stream is about to send, one behind the other, in one growing block. Codecs write straight into it. It
 * holds no memory while it is empty.
 */
export class FrameBuffer implements ByteSink {
  bytes: Uint8Array = EMPTY;
  position = 0;

  reserve(size: number): void {
    const needed = this.position + size;
    if (needed <= this.bytes.length) return;
    const old = this.bytes;
    const grown = blocks.acquire(Math.max(needed, 2 * old.length));
    if (this.position > 0) grown.set(old.subarray(0, this.position));
    this.bytes = grown;
    if (old.length > 0) blocks.release(old);
  }

  /** Throws away what is there. */
  clear(): void {
    if (this.bytes.length > 0) blocks.release(this.bytes);
    this.bytes = EMPTY;
    this.position = 0;
  }
}
