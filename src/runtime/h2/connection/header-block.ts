import * as ErrorCode from "../error-code.js";
import { type ConnectionError, peerFault } from "../errors.js";
import * as Flag from "../frames/flag.js";
import { readUint31 } from "../frames/integers.js";
import type { Limits } from "../limits.js";

const NOTHING = new Uint8Array(0);

/**
 * The compressed header block of a HEADERS frame and the CONTINUATION frames behind it (RFC 9113, section 4.3). A block that is all
 * in one frame stays where it is.
 */
export class HeaderBlock {
  /** The stream of the block that has begun; 0 where none has. Until it ends nothing else may come (RFC 9113, section 6.10). */
  streamId = 0;
  endStream = false;
  /** What {@link start} or {@link continue} completed. */
  bytes: Uint8Array = NOTHING;
  from = 0;
  to = 0;
  /** Whether the block depends on its own stream. */
  dependsOnItself = false;
  readonly #limits: Limits;
  #held: Uint8Array = NOTHING;
  #length = 0;
  #continuations = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** The payload of a HEADERS frame; true where the block is whole. */
  start(flags: number, streamId: number, bytes: Uint8Array, start: number, end: number): boolean {
    let from = start;
    let to = end;
    if ((flags & Flag.PADDED) !== 0) to -= bytes[from++]!;
    this.dependsOnItself = false;
    if ((flags & Flag.PRIORITY) !== 0) {
      // Deprecated and ignored (RFC 9113, section 5.3.2), but for what RFC 7540, section 5.3.1 calls an error.
      if (to - from >= 5) this.dependsOnItself = readUint31(bytes, from) === streamId;
      from += 5;
    }
    // RFC 9113, section 6.2: padding as long as the rest of the payload or longer.
    if (from > to) throw peerFault(ErrorCode.PROTOCOL_ERROR, "HEADERS shorter than its padding");
    this.endStream = (flags & Flag.END_STREAM) !== 0;
    if ((flags & Flag.END_HEADERS) !== 0) {
      this.bytes = bytes;
      this.from = from;
      this.to = to;
      return true;
    }
    this.streamId = streamId;
    this.#continuations = 0;
    this.#length = 0;
    this.#hold(bytes, from, to);
    return false;
  }

  /** The payload of a CONTINUATION frame; true where the block is whole. */
  continue(flags: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (++this.#continuations > this.#limits.maxContinuations) throw flood("frames");
    this.#hold(bytes, start, end);
    if ((flags & Flag.END_HEADERS) === 0) return false;
    this.bytes = this.#held;
    this.from = 0;
    this.to = this.#length;
    this.#held = NOTHING;
    this.streamId = 0;
    return true;
  }

  #hold(bytes: Uint8Array, start: number, end: number): void {
    const length = this.#length + end - start;
    if (length > this.#limits.maxHeaderBlockBytes) throw flood("bytes");
    if (length > this.#held.length) {
      const grown = new Uint8Array(Math.max(length, Math.min(2 * this.#held.length, this.#limits.maxHeaderBlockBytes)));
      grown.set(this.#held.subarray(0, this.#length));
      this.#held = grown;
    }
    this.#held.set(bytes.subarray(start, end), this.#length);
    this.#length = length;
  }
}

function flood(what: string): ConnectionError {
  return peerFault(ErrorCode.ENHANCE_YOUR_CALM, `a header block of too many ${what}`);
}
