import { FRAME_HEADER_BYTES } from "./constants.js";
import * as FrameType from "./frame-type.js";
import { readUint24, readUint31 } from "./integers.js";

/** The listener of frames, called in the order of the bytes. */
export interface FrameListener {
  /** A frame begins; what is wrong with its type, length or stream is said here, before its payload is held. */
  frameStart(type: number, flags: number, streamId: number, length: number): void;
  /** Payload of a DATA frame, in as many parts as it comes; `last` with the last one. An empty frame has one empty part. */
  dataPart(bytes: Uint8Array, start: number, end: number, last: boolean): void;
  /** The whole payload of any other frame. */
  frame(type: number, flags: number, streamId: number, bytes: Uint8Array, start: number, end: number): void;
}

const NOTHING = new Uint8Array(0);

/**
 * Cuts bytes into frames (RFC 9113, section 4). Payloads of DATA pass through in views, all others are whole: in a view where the
 * bytes at hand hold all of it, else collected.
 */
export class Deframer {
  readonly #listener: FrameListener;
  /** A frame header that is not whole yet. */
  readonly #header = new Uint8Array(FRAME_HEADER_BYTES);
  #headerLength = 0;
  #type = 0;
  #flags = 0;
  #streamId = 0;
  /** What is missing of the payload; -1 between frames. */
  #missing = -1;
  #payload: Uint8Array = NOTHING;
  #payloadLength = 0;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  /** Whether a frame has begun that must be held whole, or a frame's header: the peer owes us the rest. */
  get waiting(): boolean {
    return this.#headerLength > 0 || (this.#missing >= 0 && this.#type !== FrameType.DATA);
  }

  /** @throws ConnectionError; what the listener throws passes through. */
  push(bytes: Uint8Array, from: number): void {
    const listener = this.#listener;
    const end = bytes.length;
    let at = from;
    if (this.#missing >= 0) at = this.#continue(bytes, at, end);
    else if (this.#headerLength > 0) at = this.#continueHeader(bytes, at, end);
    while (end - at >= FRAME_HEADER_BYTES) {
      const length = readUint24(bytes, at);
      const type = bytes[at + 3]!;
      const flags = bytes[at + 4]!;
      const streamId = readUint31(bytes, at + 5);
      at += FRAME_HEADER_BYTES;
      listener.frameStart(type, flags, streamId, length);
      if (end - at >= length) {
        if (type === FrameType.DATA) listener.dataPart(bytes, at, at + length, true);
        else listener.frame(type, flags, streamId, bytes, at, at + length);
        at += length;
      } else {
        this.#begin(type, flags, streamId, length);
        at = this.#continue(bytes, at, end);
      }
    }
    if (at < end) {
      for (let i = at; i < end; i++) this.#header[i - at] = bytes[i]!;
      this.#headerLength = end - at;
    }
  }

  #begin(type: number, flags: number, streamId: number, length: number): void {
    this.#type = type;
    this.#flags = flags;
    this.#streamId = streamId;
    this.#missing = length;
    this.#payloadLength = 0;
  }

  #continueHeader(bytes: Uint8Array, from: number, end: number): number {
    const header = this.#header;
    let at = from;
    while (at < end && this.#headerLength < FRAME_HEADER_BYTES) header[this.#headerLength++] = bytes[at++]!;
    if (this.#headerLength < FRAME_HEADER_BYTES) return at;
    this.#headerLength = 0;
    const length = readUint24(header, 0);
    this.#begin(header[3]!, header[4]!, readUint31(header, 5), length);
    this.#listener.frameStart(this.#type, this.#flags, this.#streamId, length);
    return this.#continue(bytes, at, end);
  }

  /** Feeds the frame that has begun. */
  #continue(bytes: Uint8Array, at: number, end: number): number {
    const next = Math.min(at + this.#missing, end);
    if (this.#type === FrameType.DATA) {
      this.#missing -= next - at;
      const last = this.#missing === 0;
      if (last) this.#missing = -1;
      if (last || next > at) this.#listener.dataPart(bytes, at, next, last);
      return next;
    }
    if (next - at === this.#missing && this.#payloadLength === 0) {
      this.#missing = -1;
      this.#listener.frame(this.#type, this.#flags, this.#streamId, bytes, at, next);
      return next;
    }
    this.#collect(bytes, at, next);
    if (this.#missing > 0) return next;
    const payload = this.#payload;
    this.#payload = NOTHING;
    this.#missing = -1;
    this.#listener.frame(this.#type, this.#flags, this.#streamId, payload, 0, this.#payloadLength);
    return next;
  }

  /** Holds a part of a payload. Room grows with what came, not with what was announced. */
  #collect(bytes: Uint8Array, at: number, next: number): void {
    const needed = this.#payloadLength + next - at;
    if (needed > this.#payload.length) {
      const grown = new Uint8Array(Math.min(Math.max(needed, 2 * this.#payload.length), needed + this.#missing));
      grown.set(this.#payload.subarray(0, this.#payloadLength));
      this.#payload = grown;
    }
    this.#payload.set(bytes.subarray(at, next), this.#payloadLength);
    this.#payloadLength = needed;
    this.#missing -= next - at;
  }
}
