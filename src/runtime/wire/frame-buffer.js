import { acquireBlock, LARGE_BLOCK, releaseBlock } from "./buffer-pool.js";
const EMPTY = Buffer.alloc(0);
/** Bytes before each message: a flag byte and a big-endian length (gRPC over HTTP/2, "Length-Prefixed-Message"). */
export const FRAME_HEADER = 5;
/**
 * The bytes one stream is about to send: whole gRPC frames, one behind the other, in one growing block. Codecs write
 * straight into it. It holds no memory while it is empty.
 */
export class FrameBuffer {
    bytes = EMPTY;
    position = 0;
    /** What the last block held: the next one starts in that size class. */
    #lastSize = 0;
    reserve(size) {
        const needed = this.position + size;
        if (needed <= this.bytes.length)
            return;
        const old = this.bytes;
        const wanted = this.position === 0 ? Math.max(needed, Math.min(this.#lastSize, LARGE_BLOCK)) : needed;
        const grown = acquireBlock(wanted <= LARGE_BLOCK ? wanted : Math.max(wanted, old.length * 2));
        if (this.position > 0)
            old.copy(grown, 0, 0, this.position);
        this.bytes = grown;
        if (old.length > 0)
            releaseBlock(old);
    }
    /** Leaves room for a frame's header and returns where the frame starts. */
    beginFrame() {
        this.reserve(FRAME_HEADER);
        const start = this.position;
        this.position = start + FRAME_HEADER;
        return start;
    }
    /** Fills in the header of the frame that starts at `start` and ends here. */
    endFrame(start, flag) {
        const length = this.position - start - FRAME_HEADER;
        const bytes = this.bytes;
        bytes[start] = flag;
        bytes[start + 1] = length >>> 24;
        bytes[start + 2] = length >>> 16;
        bytes[start + 3] = length >>> 8;
        bytes[start + 4] = length;
    }
    /** Hands the block over, with {@link position} bytes in it, and starts anew. */
    take() {
        const block = this.bytes;
        this.#lastSize = this.position;
        this.bytes = EMPTY;
        this.position = 0;
        return block;
    }
    /** Throws away what is there. */
    clear() {
        if (this.bytes.length > 0)
            releaseBlock(this.bytes);
        this.bytes = EMPTY;
        this.position = 0;
    }
}
