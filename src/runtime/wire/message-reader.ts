import type { Codec } from "../core/codec.js";
import { status } from "../core/metadata.js";
import type { Compression } from "../transport/transport.js";
import { decompress } from "./compression.js";
import { FRAME_HEADER } from "./frame-buffer.js";
import { WireError } from "./wire-error.js";

/**
 * Cuts the bytes of one direction of a call into messages and decodes them. Frames may be split and joined at any byte.
 * A message is checked against the limit when its header is there, before its body is held (P12).
 */
export class MessageReader<Message> {
  readonly #codec: Codec<Message, never>;
  readonly #limit: number;
  /** What `grpc-encoding` said; set before the first byte. */
  encoding: Compression = "identity";
  /** The frame that has begun: its header so far, then its body so far. */
  #header: Uint8Array | undefined;
  #headerLength = 0;
  #body: Uint8Array[] = [];
  #bodyLength = 0;
  /** After a fault the bytes have no meaning: nothing is read any more. */
  #broken = false;

  constructor(codec: Codec<Message, never>, limit: number) {
    this.#codec = codec;
    this.#limit = limit;
  }

  /** Whether a frame has begun that has not ended. */
  get truncated(): boolean {
    return this.#headerLength > 0;
  }

  /**
   * Adds the messages that `chunk` completes to `batch`. `chunk` must not be written again: decoded messages and
   * half-read frames may refer to it.
   * @throws WireError; what came before the fault is in `batch`, and what comes after it is not read.
   */
  read(chunk: Uint8Array, batch: Message[]): void {
    if (this.#broken) return;
    try {
      this.#cut(chunk, batch);
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }

  #cut(chunk: Uint8Array, batch: Message[]): void {
    let at = this.#headerLength > 0 ? this.#continue(chunk, batch) : 0;
    const end = chunk.length;
    const buffer = chunk.buffer;
    const base = chunk.byteOffset;
    while (end - at >= FRAME_HEADER) {
      const length = this.#checkedLength(chunk, at);
      const next = at + FRAME_HEADER + length;
      if (next > end) break;
      batch.push(this.#decode(chunk[at]!, new Uint8Array(buffer, base + at + FRAME_HEADER, length)));
      at = next;
    }
    if (at < end) this.#keep(chunk, at);
  }

  /** Feeds the frame that had begun; returns where the next one starts, or the end of the chunk. */
  #continue(chunk: Uint8Array, batch: Message[]): number {
    let at = 0;
    const header = this.#heldHeader();
    if (this.#headerLength < FRAME_HEADER) {
      at = Math.min(FRAME_HEADER - this.#headerLength, chunk.length);
      header.set(chunk.subarray(0, at), this.#headerLength);
      this.#headerLength += at;
      if (this.#headerLength < FRAME_HEADER) return at;
    }
    const length = this.#checkedLength(header, 0);
    const part = chunk.subarray(at, at + length - this.#bodyLength);
    if (part.length > 0) this.#body.push(part);
    this.#bodyLength += part.length;
    at += part.length;
    if (this.#bodyLength === length) {
      const body = this.#body.length === 1 ? this.#body[0]! : Buffer.concat(this.#body, length);
      this.#headerLength = 0;
      this.#body = [];
      this.#bodyLength = 0;
      batch.push(this.#decode(header[0]!, body));
    }
    return at;
  }

  /** Keeps what begins at `at`: less than one frame. */
  #keep(chunk: Uint8Array, at: number): void {
    const headerEnd = Math.min(at + FRAME_HEADER, chunk.length);
    this.#heldHeader().set(chunk.subarray(at, headerEnd));
    this.#headerLength = headerEnd - at;
    if (headerEnd < chunk.length) {
      this.#body.push(chunk.subarray(headerEnd));
      this.#bodyLength = chunk.length - headerEnd;
    }
  }

  /** Made for the first frame that is split; most calls have none. */
  #heldHeader(): Uint8Array {
    this.#header ??= new Uint8Array(FRAME_HEADER);
    return this.#header;
  }

  #checkedLength(bytes: Uint8Array, at: number): number {
    const length = bytes[at + 1]! * 0x100_0000 + ((bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!);
    if (length > this.#limit) {
      throw new WireError(
        status.RESOURCE_EXHAUSTED,
        `received a message of ${length} bytes; the limit is ${this.#limit} bytes`,
      );
    }
    return length;
  }

  #decode(flag: number, body: Uint8Array): Message {
    let bytes = body;
    if (flag !== 0) {
      if (flag !== 1) throw new WireError(status.INTERNAL, `received a message with the unknown flag byte ${flag}`);
      if (this.encoding === "identity") {
        throw new WireError(status.INTERNAL, "received a compressed message, but grpc-encoding is identity");
      }
      bytes = decompress(body, this.encoding, this.#limit);
    }
    try {
      return this.#codec.decode(bytes);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new WireError(status.INTERNAL, `cannot decode ${this.#codec.typeName}: ${reason}`, { cause: error });
    }
  }
}
