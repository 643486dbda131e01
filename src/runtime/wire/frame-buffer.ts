import type { ByteSink } from "../core/codec.js";
import { acquireBlock, LARGE_BLOCK, releaseBlock } from "./block-pool.js";

const EMPTY = new Uint8Array(0);

/**
 * The bytes one stream is about to send, one behind the other, in one growing block. Codecs write straight into it. It
 * holds no memory while it is empty.
 */
export class FrameBuffer implements ByteSink {
  bytes: Uint8Array = EMPTY;
  position = 0;
  /** What the last block held: the next one starts in that size class. */
  #lastSize = 0;

  reserve(size: number): void {
    const needed = this.position + size;
    if (needed <= this.bytes.length) return;
    const old = this.bytes;
    const wanted = this.position === 0 ? Math.max(needed, Math.min(this.#lastSize, LARGE_BLOCK)) : needed;
    const grown = acquireBlock(wanted <= LARGE_BLOCK ? wanted : Math.max(wanted, old.length * 2));
    if (this.position > 0) grown.set(old.subarray(0, this.position));
    this.bytes = grown;
    if (old.length > 0) releaseBlock(old);
  }

  /** Hands the block over, with {@link position} bytes in it, and starts anew. */
  take(): Uint8Array {
    const block = this.bytes;
    this.#lastSize = this.position;
    this.bytes = EMPTY;
    this.position = 0;
    return block;
  }

  /** Throws away what is there. */
  clear(): void {
    if (this.bytes.length > 0) releaseBlock(this.bytes);
    this.bytes = EMPTY;
    this.position = 0;
  }
}
