import { DynamicTable } from "./dynamic-table.js";
import { entryOverhead, type HeaderList } from "./header-list.js";
import { HpackError } from "./hpack-error.js";
import { LiteralReader } from "./literal-reader.js";
import { lastStatic, staticNames, staticValues } from "./static-table.js";

export interface HpackDecoderOptions {
  /** The SETTINGS_HEADER_TABLE_SIZE that we announce, in bytes. */
  readonly maxTableSize: number;
  /** The size of the longest list that is kept, counted as {@link https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2 | RFC 9113, 6.5.2} does: 32 bytes a pair beside its characters. */
  readonly maxListSize: number;
  /** The most pairs of a list that is kept; any number without it. */
  readonly maxPairs?: number;
}

/** A decoded block. */
export interface DecodedHeaders {
  /** The list; where it is too large, what came before it became so. */
  readonly headers: HeaderList;
  /** The size of the whole list, kept or not, as {@link HpackDecoderOptions.maxListSize} counts. */
  readonly size: number;
  /** The pairs of the whole list, kept or not. */
  readonly pairs: number;
  /** Whether the list passed `maxListSize` or `maxPairs`. */
  readonly tooLarge: boolean;
}

/** The parts of the literal that is being read: nothing is kept from one to the next, so all decoders share it. */
const literal = new LiteralReader();

/**
 * Decodes the header blocks of one connection, one after another
 * ({@link https://www.rfc-editor.org/rfc/rfc7541#section-3 | RFC 7541, 3}). After an {@link HpackError} the tables of both
 * ends differ for good: the connection is lost, and the decoder must not be used again.
 *
 * A block costs time in proportion to its bytes and memory in proportion to what is kept: a list that grows too large
 * is counted to its end, so that the table stays in step, but no longer built.
 */
export class HpackDecoder {
  readonly #table = new DynamicTable();
  readonly #announced: number;
  readonly #maxListSize: number;
  readonly #maxPairs: number;
  /** The largest table that the peer may ask for. Until it knows our setting it goes by the initial one. */
  #limit: number;
  // The list that is being decoded.
  #headers: string[] = [];
  #size = 0;
  #pairs = 0;
  #tooLarge = false;

  constructor(options: HpackDecoderOptions) {
    this.#announced = options.maxTableSize;
    this.#maxListSize = options.maxListSize;
    this.#maxPairs = options.maxPairs ?? Number.POSITIVE_INFINITY;
    this.#limit = Math.max(this.#table.maxSize, options.maxTableSize);
  }

  /**
   * The peer has acknowledged the SETTINGS that announced `maxTableSize`. Where that is below the initial 4096, the next block
   * must begin by taking the table down to it ({@link https://www.rfc-editor.org/rfc/rfc7541#section-4.2 | RFC 7541, 4.2});
   * without this call a table of 4096 stays allowed.
   */
  settingsAcknowledged(): void {
    this.#limit = this.#announced;
  }

  /** The dynamic table's entries, newest first as the wire counts them, for tests and debugging. */
  entries(): [name: string, value: string][] {
    return this.#table.entries();
  }

  /**
   * Decodes one whole block, `bytes` from `start` to `end`, which it neither keeps nor changes. Throws {@link HpackError}
   * where RFC 7541 forbids the block.
   */
  decode(bytes: Uint8Array, start: number, end: number): DecodedHeaders {
    const headers: string[] = [];
    this.#headers = headers;
    this.#size = 0;
    this.#pairs = 0;
    this.#tooLarge = false;
    let at = this.#resize(bytes, start, end);
    while (at < end) {
      const first = bytes[at]!;
      if (first > 0x80 && first < 0xff) {
        this.#indexed(first & 0x7f);
        at++;
      } else {
        literal.open(bytes, at, end);
        if (first >= 0x80) this.#indexed(literal.integer(7));
        else this.#literal(first);
        at = literal.at;
      }
    }
    return { headers, size: this.#size, pairs: this.#pairs, tooLarge: this.#tooLarge };
  }

  /** Table size updates, which stand before the first header ({@link https://www.rfc-editor.org/rfc/rfc7541#section-6.3 | RFC 7541, 6.3}). */
  #resize(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    // A smallest size and a last one are all that can have happened since the block before: RFC 7541, 4.2.
    for (let updates = 0; at < end && (bytes[at]! & 0xe0) === 0x20; updates++) {
      if (updates === 2) throw new HpackError("more than two table size updates in one block");
      literal.open(bytes, at, end);
      const size = literal.integer(5);
      at = literal.at;
      if (size > this.#limit) throw new HpackError(`a table size of ${size} is over the announced ${this.#limit}`);
      this.#table.resize(size);
    }
    if (this.#table.maxSize > this.#limit) throw new HpackError(`the table stayed over the announced ${this.#limit}`);
    return at;
  }

  /** An indexed header ({@link https://www.rfc-editor.org/rfc/rfc7541#section-6.1 | RFC 7541, 6.1}). */
  #indexed(index: number): void {
    let name: string;
    let value: string;
    if (index <= lastStatic) {
      if (index === 0) throw new HpackError("index 0 stands for no header");
      name = staticNames[index]!;
      value = staticValues[index]!;
    } else {
      const number = this.#number(index);
      name = this.#table.name(number);
      value = this.#table.value(number);
    }
    if (this.#fits(name.length + value.length + entryOverhead)) this.#headers.push(name, value);
  }

  /** A literal header, with indexing or without ({@link https://www.rfc-editor.org/rfc/rfc7541#section-6.2 | RFC 7541, 6.2}). */
  #literal(first: number): void {
    if ((first & 0xe0) === 0x20) throw new HpackError("a table size update stands behind a header");
    const isIndexed = first >= 0x40;
    const index = literal.integer(isIndexed ? 6 : 4);
    let name: string | undefined;
    if (index === 0) literal.locateName();
    else name = index <= lastStatic ? staticNames[index]! : this.#table.name(this.#number(index));
    literal.locateValue();
    const size = (name === undefined ? literal.nameLength : name.length) + literal.valueLength + entryOverhead;
    const fits = this.#fits(size);
    const enters = isIndexed && size <= this.#table.maxSize;
    if (isIndexed && !enters) this.#table.clear();
    if (!fits && !enters) return;
    name ??= literal.name();
    const value = literal.value();
    if (enters) this.#table.add(name, value);
    if (fits) this.#headers.push(name, value);
  }

  /** The number of an entry of the dynamic table. */
  #number(index: number): number {
    const number = this.#table.added + lastStatic - index;
    if (number < this.#table.evicted) throw new HpackError(`index ${index} is behind the end of the tables`);
    return number;
  }

  /** Counts a header; whether the list still is to be kept. */
  #fits(size: number): boolean {
    this.#size += size;
    this.#pairs++;
    if (this.#size > this.#maxListSize || this.#pairs > this.#maxPairs) this.#tooLarge = true;
    return !this.#tooLarge;
  }
}
