import { type ByteSink, type Codec, writeBytes } from "../core/codec.js";
import { RpcError } from "../core/rpc-error.js";
import * as Code from "../core/status-code.js";
import type { Compression, MessageRun } from "../transport/transport.js";
import type { Compressor, Encoding } from "./compression.js";
import { FrameBuffer } from "./frame-buffer.js";
import { PREFIX_BYTES, putPrefix } from "./message-prefix.js";

/** How the messages of one direction of a call are written. */
export interface FramerOptions {
  /** The largest message that may be sent, before compression, in bytes. */
  readonly maxSendMessageBytes: number;
  readonly compression: Compression;
  readonly compressor: Compressor;
}

/** Encodes a message with its prefix, straight into where it is sent from. */
export class MessageFramer<Init> {
  readonly #codec: Codec<unknown, Init>;
  readonly #options: FramerOptions;

  constructor(codec: Codec<unknown, Init>, options: FramerOptions) {
    this.#codec = codec;
    this.#options = options;
  }

  /**
   * Writes prefix and message at `into.position`. Throws what the codec throws, or an RpcError (RESOURCE_EXHAUSTED) past
   * the limit; `into` is then as it was.
   */
  frame(message: Init, into: ByteSink): void {
    const { compression } = this.#options;
    const start = into.position;
    try {
      into.reserve(PREFIX_BYTES);
      into.position = start + PREFIX_BYTES;
      if (compression === "identity") {
        this.#codec.encode(message, into);
        this.#checkSize(into.position - start - PREFIX_BYTES);
        putPrefix(into.bytes, start, 0, into.position - start - PREFIX_BYTES);
      } else {
        writeBytes(this.#compressed(message, compression), into);
        putPrefix(into.bytes, start, 1, into.position - start - PREFIX_BYTES);
      }
    } catch (error) {
      into.position = start;
      throw error;
    }
  }

  /** As {@link frame} for the next messages of a run: one, and further ones until there are `size` bytes. */
  frameRun(run: MessageRun<Init>, into: ByteSink, size: number): void {
    const { messages } = run;
    const end = into.position + size;
    do this.frame(messages[run.at]!, into);
    while (++run.at < messages.length && into.position < end);
  }

  #compressed(message: Init, encoding: Encoding): Uint8Array {
    const plain = new FrameBuffer();
    try {
      this.#codec.encode(message, plain);
      this.#checkSize(plain.position);
      return this.#options.compressor.compress(plain.bytes.subarray(0, plain.position), encoding);
    } finally {
      plain.clear();
    }
  }

  #checkSize(size: number): void {
    const limit = this.#options.maxSendMessageBytes;
    if (size <= limit) return;
    const details = `the message has ${size} bytes; the limit is ${limit} bytes (maxSendMessageBytes)`;
    throw new RpcError(Code.RESOURCE_EXHAUSTED, details);
  }
}
