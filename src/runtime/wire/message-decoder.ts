import type { Codec } from "../core/codec.js";
import { viewOf } from "../core/put-bytes.js";
import { messageOf, RpcError } from "../core/rpc-error.js";
import * as Code from "../core/status-code.js";
import type { Compression } from "../transport/transport.js";
import { type Compressor, inflate } from "./compression.js";

/** How the messages of one direction of a call are read. */
export interface DecoderOptions {
  /** The largest message that is accepted, inflated, in bytes. */
  readonly maxReceiveMessageBytes: number;
  readonly compressor: Compressor;
}

/** Turns the body of a frame into a message: inflates where its flag says so, then decodes. All calls of a method may share one. */
export class MessageDecoder<Message> {
  readonly #codec: Codec<Message, never>;
  readonly #options: DecoderOptions;

  constructor(codec: Codec<Message, never>, options: DecoderOptions) {
    this.#codec = codec;
    this.#options = options;
  }

  /** The largest message that is accepted, in bytes. */
  get limit(): number {
    return this.#options.maxReceiveMessageBytes;
  }

  /**
   * Reads the body from `start` to `end`.
   * @param encoding What `grpc-encoding` said.
   * @throws RpcError INTERNAL, or RESOURCE_EXHAUSTED past the limit.
   */
  decode(flag: number, encoding: Compression, bytes: Uint8Array, start: number, end: number): Message {
    const codec = this.#codec;
    const plain = flag === 0 ? undefined : this.#inflate(flag, encoding, viewOf(bytes, start, end));
    try {
      if (plain !== undefined) return codec.decode(plain);
      if (codec.decodePart !== undefined) return codec.decodePart(bytes, start, end);
      return codec.decode(viewOf(bytes, start, end));
    } catch (cause) {
      if (cause instanceof RpcError) throw cause; // the codec's own status, or a limit of the service config
      throw new RpcError(Code.INTERNAL, `cannot decode ${this.#codec.typeName}: ${messageOf(cause)}`, { cause });
    }
  }

  /** The error of a message that is longer than it may be. */
  tooLong(length: number): RpcError {
    const details = `received a message of ${length} bytes; the limit is ${this.limit} bytes (maxReceiveMessageBytes)`;
    return new RpcError(Code.RESOURCE_EXHAUSTED, details);
  }

  #inflate(flag: number, encoding: Compression, body: Uint8Array): Uint8Array {
    if (flag !== 1) throw new RpcError(Code.INTERNAL, `received a message with the unknown flag byte ${flag}`);
    if (encoding === "identity") {
      throw new RpcError(Code.INTERNAL, "received a compressed message, but grpc-encoding is identity");
    }
    return inflate(this.#options.compressor, body, encoding, this.limit);
  }
}
