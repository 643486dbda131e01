import { HpackError } from "./hpack-error.js";
import { readHuffman } from "./huffman-decode.js";
import { textOf } from "./text.js";

/** More room for decoded characters than this is not kept, in bytes. */
const keptScratch = 16_384;

/**
 * Reads the parts of a literal header field. A string is located first, its length then known, and made only where somebody
 * asks for it: a list that is too large costs no strings.
 */
export class LiteralReader {
  /** The next byte to read. */
  at = 0;
  /** Characters of the name that {@link locateName} found. */
  nameLength = 0;
  /** Characters of the value that {@link locateValue} found. */
  valueLength = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  #scratch: Uint8Array = new Uint8Array(256);
  #nameIn: Uint8Array = this.#bytes;
  #nameAt = 0;
  #valueIn: Uint8Array = this.#bytes;
  #valueAt = 0;
  #foundIn: Uint8Array = this.#bytes;
  #foundAt = 0;

  /** Reads from `at` on in a block that stops before `end`. What was located before is forgotten. */
  open(bytes: Uint8Array, at: number, end: number): void {
    this.#bytes = bytes;
    this.at = at;
    this.#end = end;
    this.nameLength = 0;
  }

  /**
   * Reads an integer whose first byte gives it `prefixBits` bits ({@link https://www.rfc-editor.org/rfc/rfc7541#section-5.1 | RFC 7541, 5.1}).
   * At most four bytes may follow, so that it stays below 2^28 + 255: no index, length or size can be as large.
   */
  integer(prefixBits: number): number {
    const limit = (1 << prefixBits) - 1;
    let value = this.#byte() & limit;
    if (value < limit) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new HpackError("an integer is too large");
  }

  /** Finds the name at {@link at}. */
  locateName(): void {
    const length = this.#string(0);
    this.#nameIn = this.#foundIn;
    this.#nameAt = this.#foundAt;
    this.nameLength = length;
  }

  /** Finds the value at {@link at}. */
  locateValue(): void {
    // Behind the name, which may be in the scratch bytes too.
    this.valueLength = this.#string(this.nameLength);
    this.#valueIn = this.#foundIn;
    this.#valueAt = this.#foundAt;
  }

  /** The name that was located. */
  name(): string {
    return textOf(this.#nameIn, this.#nameAt, this.#nameAt + this.nameLength);
  }

  /** The value that was located. */
  value(): string {
    return textOf(this.#valueIn, this.#valueAt, this.#valueAt + this.valueLength);
  }

  /** Finds a string ({@link https://www.rfc-editor.org/rfc/rfc7541#section-5.2 | RFC 7541, 5.2}) and returns its length; one in Huffman code is decoded into the scratch bytes from `scratchAt` on. */
  #string(scratchAt: number): number {
    const isHuffman = this.at < this.#end && this.#bytes[this.at]! >= 0x80;
    const length = this.integer(7);
    const start = this.at;
    if (length > this.#end - start) throw new HpackError("a string is longer than its block");
    this.at += length;
    if (!isHuffman) {
      this.#foundIn = this.#bytes;
      this.#foundAt = start;
      return length;
    }
    this.#reserve(scratchAt + length * 2);
    this.#foundIn = this.#scratch;
    this.#foundAt = scratchAt;
    return readHuffman(this.#bytes, start, this.at, this.#scratch, scratchAt);
  }

  #byte(): number {
    if (this.at >= this.#end) throw new HpackError("the block ends inside a header");
    return this.#bytes[this.at++]!;
  }

  /** Makes the scratch bytes fit. What was located stays in the bytes it was found in. */
  #reserve(size: number): void {
    const { length } = this.#scratch;
    if (size > length || (length > keptScratch && size <= keptScratch && this.nameLength === 0)) {
      this.#scratch = new Uint8Array(Math.max(256, size));
    }
  }
}
