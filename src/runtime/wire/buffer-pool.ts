/** The block sizes that are kept for reuse; anything larger is allocated for the occasion. */
export const SMALL_BLOCK: number = 4 * 1024;
export const LARGE_BLOCK: number = 64 * 1024;
/** For messages of 64 KB and their header: a new block for each would keep the garbage collector at work. */
const HUGE_BLOCK = 256 * 1024;

const MAX_FREE_SMALL = 256;
const MAX_FREE_LARGE = 64;
const MAX_FREE_HUGE = 16;

const small: Buffer[] = [];
const large: Buffer[] = [];
const huge: Buffer[] = [];

/** A block of at least `size` bytes with arbitrary content. */
export function acquireBlock(size: number): Buffer {
  if (size <= SMALL_BLOCK) return small.pop() ?? Buffer.allocUnsafeSlow(SMALL_BLOCK);
  if (size <= LARGE_BLOCK) return large.pop() ?? Buffer.allocUnsafeSlow(LARGE_BLOCK);
  if (size <= HUGE_BLOCK) return huge.pop() ?? Buffer.allocUnsafeSlow(HUGE_BLOCK);
  return Buffer.allocUnsafeSlow(size);
}

/** Gives a block back. Only for blocks that nobody reads any more: not while a socket may still be writing them. */
export function releaseBlock(block: Buffer): void {
  if (block.length === SMALL_BLOCK) {
    if (small.length < MAX_FREE_SMALL) small.push(block);
  } else if (block.length === LARGE_BLOCK) {
    if (large.length < MAX_FREE_LARGE) large.push(block);
  } else if (block.length === HUGE_BLOCK) {
    if (huge.length < MAX_FREE_HUGE) huge.push(block);
  }
}
