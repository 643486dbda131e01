/** The block sizes that are kept for reuse; anything larger is allocated for the occasion. */
export const SMALL_BLOCK: number = 4 * 1024;
export const LARGE_BLOCK: number = 64 * 1024;
/** The size for messages of 64 KB and their header. Reused, as a new block for each message would make the garbage collector run often. */
const HUGE_BLOCK = 256 * 1024;

const MAX_FREE_SMALL = 256;
const MAX_FREE_LARGE = 64;
const MAX_FREE_HUGE = 16;

const small: Uint8Array[] = [];
const large: Uint8Array[] = [];
const huge: Uint8Array[] = [];

/** Node's allocation that is not zeroed first; browsers have none. */
interface NativeAllocation {
  allocUnsafeSlow(size: number): Uint8Array;
}
const native = (globalThis as { Buffer?: NativeAllocation }).Buffer; // typed by what is used of it

/** Bytes with arbitrary content, in an ArrayBuffer of their own. */
export function allocate(size: number): Uint8Array {
  return native === undefined ? new Uint8Array(size) : native.allocUnsafeSlow(size);
}

/** A block of at least `size` bytes with arbitrary content. */
export function acquireBlock(size: number): Uint8Array {
  if (size <= SMALL_BLOCK) return small.pop() ?? allocate(SMALL_BLOCK);
  if (size <= LARGE_BLOCK) return large.pop() ?? allocate(LARGE_BLOCK);
  if (size <= HUGE_BLOCK) return huge.pop() ?? allocate(HUGE_BLOCK);
  return allocate(size);
}

/** Returns a block to the pool. Only for blocks that are no longer read: a socket must have finished writing them. */
export function releaseBlock(block: Uint8Array): void {
  if (block.length === SMALL_BLOCK) {
    if (small.length < MAX_FREE_SMALL) small.push(block);
  } else if (block.length === LARGE_BLOCK) {
    if (large.length < MAX_FREE_LARGE) large.push(block);
  } else if (block.length === HUGE_BLOCK) {
    if (huge.length < MAX_FREE_HUGE) huge.push(block);
  }
}
