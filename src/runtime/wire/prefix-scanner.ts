import { PREFIX_BYTES, prefixedLength } from "./message-prefix.js";

/**
 * Finds where messages end in bytes that come in pieces, cut anywhere. It reads the prefixes only, so that a message over
 * the limit is known before its body is held (P12), and messages can be counted before anybody decodes them.
 */
export class PrefixScanner {
  readonly #limit: number;
  /** Made for the first prefix that is cut; most calls have none. */
  #prefix: Uint8Array | undefined;
  /** Bytes of a cut prefix that are in `#prefix`. */
  #prefixLength = 0;
  /** Bytes of the current message's body that are still to come. */
  #bodyLeft = 0;
  /** Messages that the last piece completed. */
  completed = 0;
  /** Behind the last whole message of that piece; its start where it completed none. */
  wholeEnd = 0;
  /** The size of the message that has begun and not ended, prefix and body; 0 while its prefix is incomplete, or there is none. */
  openSize = 0;
  /** The length of a message over the limit; nothing is read behind its prefix. */
  tooLong: number | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether a message has begun that has not ended. */
  get truncated(): boolean {
    return this.#prefixLength > 0 || this.#bodyLeft > 0;
  }

  /** Bytes of the open message that are still to come; at least the rest of its prefix. */
  get missing(): number {
    return this.#prefixLength > 0 ? PREFIX_BYTES - this.#prefixLength : this.#bodyLeft;
  }

  /** Looks at a piece; then `completed`, `wholeEnd`, `openSize` and `tooLong` tell what is in it. */
  scan(bytes: Uint8Array, start: number, end: number): void {
    this.completed = 0;
    this.wholeEnd = start;
    let at = start;
    while (at < end) {
      if (this.#bodyLeft > 0) {
        const part = Math.min(this.#bodyLeft, end - at);
        this.#bodyLeft -= part;
        at += part;
        if (this.#bodyLeft === 0) this.#complete(at);
      } else if (this.#prefixLength === 0 && end - at >= PREFIX_BYTES) {
        const length = prefixedLength(bytes, at);
        at += PREFIX_BYTES;
        if (!this.#begin(length, at)) return;
      } else {
        this.#prefix ??= new Uint8Array(PREFIX_BYTES);
        this.#prefix[this.#prefixLength++] = bytes[at++]!;
        if (this.#prefixLength < PREFIX_BYTES) continue;
        this.#prefixLength = 0;
        if (!this.#begin(prefixedLength(this.#prefix, 0), at)) return;
      }
    }
  }

  #begin(length: number, at: number): boolean {
    if (length > this.#limit) {
      this.tooLong = length;
      return false;
    }
    this.#bodyLeft = length;
    this.openSize = PREFIX_BYTES + length;
    if (length === 0) this.#complete(at);
    return true;
  }

  #complete(at: number): void {
    this.completed++;
    this.wholeEnd = at;
    this.openSize = 0;
  }
}
