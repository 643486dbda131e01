import type { ByteSink, Codec } from "../../core/codec.js";

const SLAB_BYTES = 16_384;
/** With less room than this a message starts a new slab. */
const FRESH_BELOW = 2_048;

/**
 * Where messages are encoded before grpc-js gets them. grpc-js keeps each message until it is sent, so a part of the
 * slab that was given away is never written again.
 */
export class BufferSink implements ByteSink {
  bytes: Uint8Array = new Uint8Array(0);
  position = 0;
  #start = 0;

  reserve(size: number): void {
    if (this.position + size <= this.bytes.length) return;
    const length = Math.max(this.position + size, Math.min((this.position - this.#start) * 2, 2 ** 30), SLAB_BYTES);
    const grown = new Uint8Array(length);
    // At the same offsets: a codec may hold positions of what it has written, to fill in lengths.
    grown.set(this.bytes.subarray(this.#start, this.position), this.#start);
    this.bytes = grown;
  }

  /** The encoded message. Throws what the codec throws; nothing is kept then. */
  encode<Init>(codec: Codec<unknown, Init>, message: Init): Buffer {
    if (this.bytes.length - this.position < FRESH_BELOW) {
      this.bytes = new Uint8Array(SLAB_BYTES);
      this.position = 0;
    }
    this.#start = this.position;
    try {
      codec.encode(message, this);
    } catch (error) {
      this.position = this.#start;
      throw error;
    }
    const length = this.position - this.#start;
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.#start, length);
  }
}

/** grpc-js's serializer of what is bytes already. */
export function asIs(bytes: Buffer): Buffer {
  return bytes;
}
