import { allocate } from "../core/block-pool.js";
import { putBytes } from "../core/put-bytes.js";
import { spare } from "../core/spare-memory.js";

/** A new block for whole messages is at least this large, and grows with what waits up to the second. */
const MIN_BLOCK = 512;
const MAX_BLOCK = 64 * 1024;
/** Of a message that is still coming, so much is believed before it is here: one with 64 KiB of data and some fields fits. */
const MAX_BELIEVED = 80 * 1024;

/** The shared value of all that hold nothing; never modified. */
const NO_BLOCKS: Block[] = [];

/** Some bytes in a buffer of our own, or in one that is lent. */
export interface Block {
  bytes: Uint8Array;
  start: number;
  end: number;
  /** Somebody else's buffer, until {@link HeldBytes.own}. */
  readonly lent: boolean;
}

/**
 * Bytes that nobody has read yet, in blocks of our own: whole messages many to a block, a message that is still coming in
 * a block by itself, which grows with what has come and never by what is only announced.
 */
export class HeldBytes {
  #blocks: Block[] = NO_BLOCKS;
  #first = 0;
  /** The last block is of one message that is not whole yet. */
  #lastOpen = false;
  /** Where the blocks begin that came since something was lent; -1 where nothing is. */
  #lentFrom = -1;

  get empty(): boolean {
    return this.#first === this.#blocks.length;
  }

  /** The block to read from; only where it is not {@link empty}. */
  get front(): Block {
    return this.#blocks[this.#first]!;
  }

  /** The block that was added last; only where it is not {@link empty}. */
  get last(): Block {
    return this.#blocks[this.#blocks.length - 1]!;
  }

  /** Throws away the message that is still coming; returns how many bytes of it were here. */
  dropOpen(): number {
    if (!this.#lastOpen) return 0;
    this.#lastOpen = false;
    const block = this.#blocks.pop()!;
    return block.end - block.start;
  }

  /** The front block is read to its end. */
  shift(): void {
    if (++this.#first === this.#blocks.length) this.clear();
    else if (this.#first >= 64) {
      this.#blocks = this.#blocks.slice(this.#first);
      if (this.#lentFrom >= 0) this.#lentFrom = Math.max(0, this.#lentFrom - this.#first);
      this.#first = 0;
    }
  }

  clear(): void {
    this.#blocks = NO_BLOCKS;
    this.#first = 0;
    this.#lastOpen = false;
    this.#lentFrom = -1;
  }

  /** Adds whole messages that stay where they lie until {@link own}. */
  lend(bytes: Uint8Array, start: number, end: number): void {
    if (this.#lentFrom < 0) this.#lentFrom = this.#blocks.length;
    this.#add({ bytes, start, end, lent: true });
  }

  /** Copies what is lent and was not read yet. */
  own(): void {
    if (this.#lentFrom < 0) return;
    const came = this.#blocks.splice(this.#lentFrom);
    // Those that were read go now: each would keep all that its socket read.
    const read = Math.max(0, this.#first - this.#lentFrom);
    this.#first -= read;
    this.#lentFrom = -1;
    for (const block of came.slice(read)) {
      if (block.lent) this.#copy(block);
      else this.#add(block);
    }
  }

  /** Puts whole messages behind those that are here. */
  #copy({ bytes, start, end }: Block): void {
    const length = end - start;
    const last = this.empty ? undefined : this.last;
    let block = last;
    if (block === undefined || block.bytes.length - block.end < length) {
      const growth = last === undefined ? MIN_BLOCK : Math.min(2 * last.bytes.length, MAX_BLOCK);
      block = { bytes: allocate(Math.max(length, growth)), start: 0, end: 0, lent: false };
      this.#add(block);
    }
    putBytes(bytes, start, end, block.bytes, block.end);
    block.end += length;
  }

  /**
   * Adds a piece of the message that is still coming: its first, where none is open.
   * @param size Its size with the prefix, where that is known; 0 where it is not.
   * @param whole The piece completes it.
   */
  addOpen(bytes: Uint8Array, start: number, end: number, size: number, whole: boolean): void {
    const length = end - start;
    if (!this.#lastOpen) this.#add({ bytes: roomFor(length, size), start: 0, end: 0, lent: false });
    const block = this.#blocks[this.#blocks.length - 1]!;
    const needed = block.end + length;
    if (needed > block.bytes.length) {
      const grown = roomFor(needed, size);
      grown.set(block.bytes.subarray(0, block.end));
      block.bytes = grown;
    }
    putBytes(bytes, start, end, block.bytes, block.end);
    block.end = needed;
    this.#lastOpen = !whole;
  }

  #add(block: Block): void {
    if (this.#blocks === NO_BLOCKS) this.#blocks = [block];
    else this.#blocks.push(block);
  }
}

/** Room for what is there and as much again, but not for more than the whole message. */
function roomFor(needed: number, size: number): Uint8Array {
  const room = size === 0 ? needed : Math.max(needed, Math.min(size, Math.max(MAX_BELIEVED, 2 * needed)));
  return spare.memory?.take(room) ?? allocate(room);
}
