/** The two block sizes that are kept for reuse; anything larger is allocated for the occasion. */
export const SMALL_BLOCK = 4 * 1024;
export const LARGE_BLOCK = 64 * 1024;
const MAX_FREE_SMALL = 256;
const MAX_FREE_LARGE = 64;
const small = [];
const large = [];
/** A block of at least `size` bytes with arbitrary content. */
export function acquireBlock(size) {
    if (size <= SMALL_BLOCK)
        return small.pop() ?? Buffer.allocUnsafeSlow(SMALL_BLOCK);
    if (size <= LARGE_BLOCK)
        return large.pop() ?? Buffer.allocUnsafeSlow(LARGE_BLOCK);
    return Buffer.allocUnsafeSlow(size);
}
/** Gives a block back. Only for blocks that nobody reads any more: not while a socket may still be writing them. */
export function releaseBlock(block) {
    if (block.length === SMALL_BLOCK) {
        if (small.length < MAX_FREE_SMALL)
            small.push(block);
    }
    else if (block.length === LARGE_BLOCK) {
        if (large.length < MAX_FREE_LARGE)
            large.push(block);
    }
}
