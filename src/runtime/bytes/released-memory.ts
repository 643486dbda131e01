import type { SpareMemory } from "../core/spare-memory.js";

/** Smaller memory costs less to allocate than to give back. */
export const LEAST_RELEASED: number = 16 * 1024;

/** Bytes of all that is kept: more than a batch of messages, and not more than processors cache. */
const MOST_KEPT = 4 * 1024 * 1024;

/** Memory of received messages that the program has released (`releaseBytes`), for those that come. */
export class ReleasedMemory implements SpareMemory {
  /** Each has a buffer of its own; the one that was released last is at the end. */
  readonly #blocks: Uint8Array[] = [];
  #kept = 0;

  /** Just this size, because a view of a larger buffer would keep what it does not show; the newest, which a processor's caches have most of. */
  take(size: number): Uint8Array | undefined {
    if (size < LEAST_RELEASED) return undefined;
    const blocks = this.#blocks;
    for (let i = blocks.length - 1; i >= 0; i--) {
      const block = blocks[i]!;
      if (block.length !== size) continue;
      if (i === blocks.length - 1) blocks.pop();
      else blocks.splice(i, 1);
      this.#kept -= size;
      return block;
    }
    return undefined;
  }

  /** Keeps memory that nobody else has, in place of the oldest where there is too much. */
  put(buffer: ArrayBuffer): void {
    const size = buffer.byteLength;
    if (size < LEAST_RELEASED || size > MOST_KEPT) return;
    while (this.#kept + size > MOST_KEPT) this.#kept -= this.#blocks.shift()!.length;
    this.#blocks.push(new Uint8Array(buffer));
    this.#kept += size;
  }
}
