import type { HpackEncoder } from "../hpack/encoder.js";
import type { Output } from "../output/output.js";
import type { HeaderList } from "../streams/stream.js";
import { FRAME_HEADER_BYTES } from "./constants.js";
import * as Flag from "./flag.js";
import * as FrameType from "./frame-type.js";
import { writeFrameHeader, writeUint32 } from "./integers.js";

/** Writes every kind of frame but DATA into a connection's output. */
export class FrameWriter {
  readonly #output: Output;
  readonly #encoder: HpackEncoder;
  /** The peer's SETTINGS_MAX_FRAME_SIZE. */
  maxFrameSize = 16_384;

  constructor(output: Output, encoder: HpackEncoder) {
    this.#output = output;
    this.#encoder = encoder;
  }

  /**
   * HEADERS, and CONTINUATION where one frame does not hold the block (RFC 9113, sections 6.2 and 6.10).
   * @throws RangeError where the list has a character over 0xff; nothing has been written then.
   */
  headers(streamId: number, headers: HeaderList, endStream: boolean): void {
    const out = this.#output.frames();
    const start = out.begin();
    out.position = start + FRAME_HEADER_BYTES;
    try {
      this.#encoder.encode(headers, out);
    } catch (error) {
      out.position = start;
      throw error;
    }
    const length = out.position - start - FRAME_HEADER_BYTES;
    const flags = endStream ? Flag.END_STREAM : 0;
    if (length <= this.maxFrameSize) {
      writeFrameHeader(out.bytes, start, length, FrameType.HEADERS, flags | Flag.END_HEADERS, streamId);
      this.#output.wrote(length + FRAME_HEADER_BYTES);
      return;
    }
    const count = Math.ceil(length / this.maxFrameSize);
    out.reserve((count - 1) * FRAME_HEADER_BYTES);
    for (let i = count - 1; i >= 0; i--) {
      const end = i === count - 1 ? Flag.END_HEADERS : 0;
      const type = i === 0 ? FrameType.HEADERS : FrameType.CONTINUATION;
      moveChunk(out.bytes, start, i, length, this.maxFrameSize, type, i === 0 ? flags : end, streamId);
    }
    out.position += (count - 1) * FRAME_HEADER_BYTES;
    this.#output.wrote(length + count * FRAME_HEADER_BYTES);
  }

  /** RFC 9113, section 6.4. */
  rstStream(streamId: number, code: number): void {
    writeUint32(this.#control(4, FrameType.RST_STREAM, 0, streamId), this.#at, code);
    this.#output.wrote(FRAME_HEADER_BYTES + 4);
  }

  /** RFC 9113, section 6.9. */
  windowUpdate(streamId: number, increment: number): void {
    writeUint32(this.#control(4, FrameType.WINDOW_UPDATE, 0, streamId), this.#at, increment);
    this.#output.wrote(FRAME_HEADER_BYTES + 4);
  }

  /** RFC 9113, section 6.5; pairs of identifier and value. */
  settings(pairs: readonly (readonly [id: number, value: number])[]): void {
    const bytes = this.#control(pairs.length * 6, FrameType.SETTINGS, 0, 0);
    let at = this.#at;
    for (const [id, value] of pairs) {
      bytes[at] = id >>> 8;
      bytes[at + 1] = id;
      writeUint32(bytes, at + 2, value);
      at += 6;
    }
    this.#output.wrote(FRAME_HEADER_BYTES + pairs.length * 6);
  }

  settingsAck(): void {
    this.#control(0, FrameType.SETTINGS, Flag.ACK, 0);
    this.#output.wrote(FRAME_HEADER_BYTES);
  }

  /** RFC 9113, section 6.7; eight bytes of `payload` from `from` on. */
  ping(payload: Uint8Array, from: number, ack: boolean): void {
    const bytes = this.#control(8, FrameType.PING, ack ? Flag.ACK : 0, 0);
    for (let i = 0; i < 8; i++) bytes[this.#at + i] = payload[from + i]!;
    this.#output.wrote(FRAME_HEADER_BYTES + 8);
  }

  /** RFC 9113, section 6.8. */
  goaway(lastStreamId: number, code: number, debug: string): void {
    const text = debug.slice(0, 1024);
    const length = 8 + text.length;
    const bytes = this.#control(length, FrameType.GOAWAY, 0, 0);
    writeUint32(bytes, this.#at, lastStreamId);
    writeUint32(bytes, this.#at + 4, code);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      bytes[this.#at + 8 + i] = unit < 0x7f && unit >= 0x20 ? unit : 0x3f;
    }
    this.#output.wrote(FRAME_HEADER_BYTES + length);
  }

  /** Client's preface (RFC 9113, section 3.4). */
  raw(bytes: Uint8Array): void {
    this.#output.frames().append(bytes, 0, bytes.length, undefined);
    this.#output.wrote(bytes.length);
  }

  /** Where the payload of the last control frame is written. */
  #at = 0;

  #control(length: number, type: number, flags: number, streamId: number): Uint8Array {
    const out = this.#output.frames();
    const start = out.begin();
    out.reserve(FRAME_HEADER_BYTES + length);
    writeFrameHeader(out.bytes, start, length, type, flags, streamId);
    this.#at = start + FRAME_HEADER_BYTES;
    out.position = this.#at + length;
    this.#output.controlBytes += FRAME_HEADER_BYTES + length;
    return out.bytes;
  }
}

/**
 * The i-th frame of a payload of `length` bytes that lies behind one header at `start`: moves it to where it belongs once each
 * frame has a header, and writes that. To be called from the last frame to the first.
 */
export function moveChunk(
  bytes: Uint8Array,
  start: number,
  i: number,
  length: number,
  size: number,
  type: number,
  flags: number,
  streamId: number,
): void {
  const from = start + FRAME_HEADER_BYTES + i * size;
  const chunk = Math.min(size, length - i * size);
  const to = from + i * FRAME_HEADER_BYTES;
  if (i > 0) bytes.copyWithin(to, from, from + chunk);
  writeFrameHeader(bytes, to - FRAME_HEADER_BYTES, chunk, type, flags, streamId);
}
