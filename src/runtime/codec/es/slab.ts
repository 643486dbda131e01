import { markUntransferable, NodeBuffer } from "./platform.js";

/** Up to this size, in bytes, V8 keeps the content of an array in its own heap. */
export const smallBytes = 64;
/** Parts of more bytes get a buffer of their own. */
export const slabBytes = 2048;
/**
 * Bytes of a shared buffer: one part that is kept keeps all of it in memory. Node's pool of Buffers does the same, with as many from 26.3 on
 * (https://github.com/nodejs/node/pull/63597).
 */
const slabSize = 64 * 1024;

let slab = new ArrayBuffer(0);
/** Whose length is 0 once somebody has taken the buffer away: V8 tells that of an array sooner than of a buffer. */
let whole = new Uint8Array(slab);
let used = 0;

/**
 * Room for `size` bytes, at most {@link slabBytes}, in a buffer that parts of other messages share. A buffer for each part would lie
 * outside of V8's heap, and cost half a microsecond and more of the garbage collector's time. The shared buffer is marked, so that it
 * cannot be moved to another thread, which would empty all its parts: Node then throws, or copies it (before Node 21). Undefined where
 * buffers cannot be marked, as in browsers.
 */
export function slabPart(size: number): Uint8Array<ArrayBuffer> | undefined {
  if (used + size > whole.length) {
    if (NodeBuffer === undefined || markUntransferable === undefined) return undefined;
    // `allocUnsafeSlow` does not use Node's pool: nobody else has this buffer, and it is an ArrayBuffer.
    slab = NodeBuffer.allocUnsafeSlow(slabSize).buffer as ArrayBuffer;
    markUntransferable(slab);
    whole = new Uint8Array(slab);
    used = 0;
  }
  const part = new Uint8Array(slab, used, size);
  // The next part begins at a multiple of 8, so that views of wider numbers can be made of it.
  used += (size + 7) & ~7;
  return part;
}
