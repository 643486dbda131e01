import type { ByteSink, Codec } from "../../core/codec.js";

const SLAB_BYTES = 16_384;
/** What is left of a slab when the next message begins a new one. */
const SLAB_REST = 1_024;
const EMPTY = new Uint8Array(0);

/**
 * Where messages are encoded before grpc-js gets them. grpc-js keeps each message until it is sent, so a part of the
 * slab that was given away is never written again.
 */
export class BufferSink implements ByteSink {
  bytes: Uint8Array = EMPTY;
  position = 0;
  #start = 0;

  /** What is being encoded stays where it is: codecs remember positions in it. */
  reserve(size: number): void {
    if (this.position + size <= this.bytes.length) return;
    const begun = this.position - this.#start;
    const grown = new Uint8Array(this.#start + Math.max(begun + size, Math.min(begun * 2, 2 ** 30), SLAB_BYTES));
    grown.set(this.bytes.subarray(this.#start, this.position), this.#start);
    this.bytes = grown;
  }

  /** The encoded message. Throws what the codec throws; nothing is kept then. */
  encode<Init>(codec: Codec<unknown, Init>, message: Init): Buffer {
    if (this.bytes.length - this.position < SLAB_REST) {
      this.bytes = EMPTY;
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
