import type { Http2Stream } from "node:http2";
import type { Codec } from "../../core/codec.js";
import { writeBytes } from "../../core/codec.js";
import { status } from "../../core/metadata.js";
import { releaseBlock } from "../../wire/buffer-pool.js";
import { compress } from "../../wire/compression.js";
import { FRAME_HEADER, FrameBuffer } from "../../wire/frame-buffer.js";
import { WireError } from "../../wire/wire-error.js";
import type { Compression } from "../transport.js";
import type { ReplayBuffer } from "./replay-buffer.js";

/** So many bytes are handed to HTTP/2 at once, instead of at the end of the turn. */
const FLUSH_AT = 48 * 1024;

/** Limits and manners of one direction of a call. */
export interface WriterOptions {
  readonly highWaterMark: number;
  readonly maxSendMessageBytes: number;
  readonly compression: Compression;
  /** Keeps what is sent, where it may have to be sent again. */
  readonly replay?: ReplayBuffer | undefined;
}

/** Whose messages are written. */
export interface WriterOwner {
  /** `write` returned false before, and may be called again. */
  onDrain(): void;
}

/**
 * The sending half of a call: encodes messages into one block, and gives HTTP/2 one write for all that was sent in a
 * turn. While a write is on its way the next block fills, so that a fast sender makes few, large writes.
 */
export class MessageWriter<Init> {
  readonly #codec: Codec<unknown, Init>;
  readonly #options: WriterOptions;
  readonly #owner: WriterOwner;
  readonly #buffer = new FrameBuffer();
  #stream: Http2Stream | undefined;
  #block: Buffer | undefined;
  #inFlight = 0;
  #scheduled = false;
  #ending = false;
  #closed = false;
  #wantsDrain = false;

  constructor(codec: Codec<unknown, Init>, options: WriterOptions, owner: WriterOwner) {
    this.#codec = codec;
    this.#options = options;
    this.#owner = owner;
  }

  /** Whether HTTP/2 still holds bytes of ours: the peer's window is full, or the socket is. */
  get blocked(): boolean {
    return this.#inFlight > 0;
  }

  /** Queues one message; false asks to wait for the drain. Throws what the codec throws. */
  write(message: Init): boolean {
    if (this.#closed) return true;
    const { compression } = this.#options;
    if (compression === "identity") this.#encode(message, this.#buffer);
    else this.#encodeCompressed(message, compression);
    const waiting = this.#buffer.position;
    if (this.#inFlight === 0 && this.#stream !== undefined) {
      if (waiting >= FLUSH_AT) this.#flush();
      else this.#schedule();
    }
    if (waiting + this.#inFlight <= this.#options.highWaterMark) return true;
    this.#wantsDrain = true;
    return false;
  }

  /** After what was written, ends the stream. */
  end(): void {
    if (this.#closed || this.#ending) return;
    this.#ending = true;
    if (this.#inFlight === 0) this.#schedule();
  }

  /** Nothing more goes out but what HTTP/2 has already. */
  close(): void {
    this.#closed = true;
    this.#buffer.clear();
  }

  /** Throws away what HTTP/2 does not have yet. */
  discard(): void {
    this.#buffer.clear();
  }

  /** A writer for another stream, with all that was written to this one; undefined where that is not known any more. */
  again(options: WriterOptions): MessageWriter<Init> | undefined {
    const sent = this.#options.replay?.parts;
    if (sent === undefined) return undefined;
    const writer = new MessageWriter(this.#codec, options, this.#owner);
    for (const part of sent) writeBytes(part, writer.#buffer);
    writeBytes(this.#buffer.bytes.subarray(0, this.#buffer.position), writer.#buffer);
    writer.#ending = this.#ending;
    writer.#wantsDrain = this.#wantsDrain;
    this.close();
    return writer;
  }

  /** The stream is there: what waited for it goes out, together with what is added in this turn. */
  attach(stream: Http2Stream): void {
    this.#stream = stream;
    if (this.#ending || this.#buffer.position > 0) this.#schedule();
  }

  #encode(message: Init, into: FrameBuffer): void {
    const start = into.beginFrame();
    try {
      this.#codec.encode(message, into);
      this.#checkSize(into.position - start - FRAME_HEADER);
    } catch (error) {
      into.position = start;
      throw error;
    }
    into.endFrame(start, 0);
  }

  #encodeCompressed(message: Init, encoding: Exclude<Compression, "identity">): void {
    const plain = new FrameBuffer();
    this.#codec.encode(message, plain);
    this.#checkSize(plain.position);
    const compressed = compress(plain.bytes.subarray(0, plain.position), encoding);
    plain.clear();
    const start = this.#buffer.beginFrame();
    writeBytes(compressed, this.#buffer);
    this.#buffer.endFrame(start, 1);
  }

  #checkSize(size: number): void {
    const limit = this.#options.maxSendMessageBytes;
    if (size > limit) {
      throw new WireError(status.RESOURCE_EXHAUSTED, `the message has ${size} bytes; the limit is ${limit} bytes`);
    }
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(flushLater, this);
  }

  /** @internal Called by the tick that {@link write} asked for. */
  scheduledFlush(): void {
    this.#scheduled = false;
    if (this.#inFlight === 0) this.#flush();
  }

  #flush(): void {
    const stream = this.#stream;
    if (stream === undefined || this.#closed) return;
    const size = this.#buffer.position;
    if (size === 0) {
      if (this.#ending) this.#finish(stream);
      return;
    }
    const block = this.#buffer.take();
    this.#block = block;
    this.#inFlight = size;
    const bytes = block.subarray(0, size);
    this.#options.replay?.add(bytes);
    if (this.#ending) this.#finish(stream, bytes);
    else stream.write(bytes, this.#onWritten);
  }

  #finish(stream: Http2Stream, last?: Buffer): void {
    this.#closed = true;
    if (last === undefined) stream.end();
    else stream.end(last, this.#onWritten);
  }

  readonly #onWritten = (error?: Error | null): void => {
    const block = this.#block;
    this.#block = undefined;
    this.#inFlight = 0;
    // After an error the socket may still be reading the block.
    if (error != null || block === undefined) return;
    releaseBlock(block);
    if (this.#closed) return;
    this.#flush();
    if (this.#wantsDrain && this.#inFlight <= this.#options.highWaterMark / 2) {
      this.#wantsDrain = false;
      this.#owner.onDrain();
    }
  };
}

function flushLater(writer: MessageWriter<never>): void {
  writer.scheduledFlush();
}
