import type { ByteSink, Codec } from "../../core/codec.js";

const SLAB_BYTES = 16_384;
/** With less room than this left, a message begins a new slab. */
const LEAST_ROOM = 2_048;

/**
 * Where messages are encoded before grpc-js gets them. grpc-js keeps each message until it is sent, so a part of the
 * slab that was given away is never written again. `position` never moves by itself: codecs may remember it.
 */
export class BufferSink implements ByteSink {
  bytes: Uint8Array = new Uint8Array(0);
  position = 0;
  #start = 0;
  /** The next message is likely to be like the last one. */
  #lastSize = 0;

  reserve(size: number): void {
    const needed = this.position + size;
    if (needed <= this.bytes.length) return;
    const begun = this.position - this.#start;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#start + 2 * begun + SLAB_BYTES));
    grown.set(this.bytes.subarray(this.#start, this.position), this.#start);
    this.bytes = grown;
  }

  /** The encoded message. Throws what the codec throws; nothing is kept then. */
  encode<Init>(codec: Codec<unknown, Init>, message: Init): Buffer {
    const room = Math.max(LEAST_ROOM, this.#lastSize);
    if (this.bytes.length - this.position < room) {
      this.bytes = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, room));
      this.position = 0;
    }
    const start = this.position;
    this.#start = start;
    try {
      codec.encode(message, this);
    } catch (error) {
      this.position = start;
      throw error;
    }
    const size = this.position - start;
    this.#lastSize = size;
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, size);
  }
}

/** grpc-js's serializer of what is bytes already. */
export function asIs(bytes: Buffer): Buffer {
  return bytes;
}
