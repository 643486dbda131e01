import type { ByteSink, Codec } from "../../core/codec.js";

const SLAB_BYTES = 16_384;

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
    const begun = this.position - this.#start;
    const grown = new Uint8Array(Math.max(begun + size, Math.min(begun * 2, 2 ** 30), SLAB_BYTES));
    grown.set(this.bytes.subarray(this.#start, this.position));
    this.bytes = grown;
    this.#start = 0;
    this.position = begun;
  }

  /** The encoded message. Throws what the codec throws; nothing is kept then. */
  encode<Init>(codec: Codec<unknown, Init>, message: Init): Buffer {
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
