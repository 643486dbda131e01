import type { MovableBuffer } from "../core/movable-buffer.js";
import { spare } from "../core/spare-memory.js";
import { LEAST_RELEASED, ReleasedMemory } from "./released-memory.js";

/** Of the whole process, as it is the program that releases. */
const released = new ReleasedMemory();

/**
 * Says that the program is done with the bytes of a received message, so that their memory serves for a message that comes. It saves a sixth
 * to a third of what a stream of 64 KiB messages costs (docs/guides/performance.md): left to the garbage collector, tens of megabytes are written
 * before the first is used again, none of which is in a processor's cache by then.
 *
 * The memory is taken away, not shared: `bytes`, and all else that is a view of the same buffer, has the length 0 afterwards. A message
 * that was sent on is copied when its `send` or `sendAll` is done.
 *
 * Does nothing where that would not pay, or would take more: with less than 16 KiB, bytes that are not more than half of their buffer, shared or
 * resizable buffers, and memory that cannot be moved, such as a WebAssembly instance's. A process keeps 4 MiB, for messages of the same sizes.
 *
 * @example
 * ```ts
 * for await (const { data } of client.download({ id })) {
 *   await file.write(data);
 *   releaseBytes(data);
 * }
 * ```
 */
export function releaseBytes(bytes: Uint8Array): void {
  // The length comes first: of a small array V8 makes a buffer only when it is asked for.
  if (bytes.length < LEAST_RELEASED) return;
  const { buffer } = bytes;
  if (!(buffer instanceof ArrayBuffer) || bytes.length * 2 <= buffer.byteLength) return;
  const memory = taken(buffer);
  if (memory === undefined) return;
  spare.memory = released;
  released.put(memory);
}

/** The buffer's memory, in a buffer that nobody else has; undefined where it stays where it is. */
function taken(buffer: MovableBuffer): ArrayBuffer | undefined {
  if (buffer.resizable === true) return undefined;
  try {
    const memory = buffer.transfer?.() ?? structuredClone(buffer, { transfer: [buffer] });
    // Node before 21 copies what cannot be moved; others throw.
    return buffer.byteLength === 0 ? memory : undefined;
  } catch {
    return undefined;
  }
}
