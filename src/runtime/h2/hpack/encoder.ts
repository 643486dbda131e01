import type { ByteSink } from "../../core/codec.js";
import { EncoderTable, type KnownName } from "./encoder-table.js";
import { defaultTableSize } from "./header-list.js";
import { huffmanSize, writeHuffman } from "./huffman-encode.js";
import { writeInteger } from "./integer.js";
import { isSensitive } from "./sensitive.js";
import { writeText } from "./text.js";

export interface HpackEncoderOptions {
  /** The largest dynamic table that we use, whatever the peer allows, in bytes; 4096 without it, 16 MiB at most. */
  readonly maxTableSize?: number;
  /**
   * Whether a header of this name holds a secret: its values enter no table, and proxies are told to leave it so
   * ({@link https://www.rfc-editor.org/rfc/rfc7541#section-7.1.3 | RFC 7541, 7.1.3}). {@link isSensitive} without it.
   * Asked seldom: the answer for a name must not change.
   */
  readonly sensitive?: (name: string) => boolean;
}

const largestTable = 16 * 1024 * 1024;
/** An index of the largest table takes no more bytes than this. */
const indexSize = 4;
/**
 * A longer value that enters no table, as a token or a trace's id, is sent as it is: the Huffman code would take a fifth off its
 * bytes, and cost both ends several times the time, at every call.
 */
const alwaysShortened = 32;
/** How many headers of a list are remembered by their position. */
const rememberedPositions = 32;

/**
 * Encodes the header blocks of one connection, one after another. What is sent again and again takes a byte or two and is found
 * without hashing: each position of a list remembers the name that was there last, and each name its last value.
 */
export class HpackEncoder {
  readonly #table: EncoderTable;
  readonly #maxTableSize: number;
  /** The least and the last table size since the block before; -1 where it did not change. */
  #leastSize = -1;
  #lastSize = -1;
  readonly #atStart: KnownName[] = [];
  readonly #atEnd: KnownName[] = [];

  constructor(options: HpackEncoderOptions = {}) {
    this.#maxTableSize = Math.min(options.maxTableSize ?? defaultTableSize, largestTable);
    this.#table = new EncoderTable(options.sensitive ?? isSensitive);
    if (this.#maxTableSize < defaultTableSize) this.setPeerTableSize(defaultTableSize);
  }

  /**
   * The peer's SETTINGS_HEADER_TABLE_SIZE arrived: it takes effect with the next block, which begins with the table size
   * update that {@link https://www.rfc-editor.org/rfc/rfc7541#section-4.2 | RFC 7541, 4.2} asks for.
   */
  setPeerTableSize(size: number): void {
    this.#lastSize = Math.min(size, this.#maxTableSize);
    this.#leastSize = this.#leastSize < 0 ? this.#lastSize : Math.min(this.#leastSize, this.#lastSize);
  }

  /** The dynamic table's entries, newest first as the wire counts them, for tests and debugging. */
  entries(): [name: string, value: string][] {
    return this.#table.entries();
  }

  /**
   * Appends one whole block to the sink. Throws a RangeError where a name or value has a character over 0xff; the sink and
   * the table are then as they were.
   */
  encode(headers: readonly string[], into: ByteSink): void {
    const start = into.position;
    // The table must not have changed where a later header of the list makes the block fail.
    let isChecked = this.#lastSize >= 0;
    if (isChecked) {
      checkCharacters(headers);
      this.#writeSizeUpdates(into);
    }
    into.reserve(headers.length * indexSize);
    const table = this.#table;
    // Requests, responses and their trailers in turns: pseudo-headers tell trailers apart.
    const remembered = headers.length > 0 && headers[0]!.charCodeAt(0) === 0x3a ? this.#atStart : this.#atEnd;
    for (let i = 0; i < headers.length; i += 2) {
      const name = headers[i]!;
      const value = headers[i + 1]!;
      let known = remembered[i >> 1];
      if (known === undefined || known.name !== name || !known.isListed) {
        known = table.known(name);
        if (i >> 1 < rememberedPositions) remembered[i >> 1] = known;
      }
      const place = known.lastValue === value ? known.lastPlace : table.find(known, value);
      if (place !== 0 && !known.isSensitive) {
        into.position = writeInteger(table.index(place), 7, 0x80, into.bytes, into.position);
        continue;
      }
      const isAdded = !known.isSensitive && table.isWorthAdding(known, value);
      if (isAdded && !isChecked) {
        checkCharacters(headers);
        isChecked = true;
      }
      // Then room for what follows, too.
      into.reserve(name.length + value.length + 16 + (headers.length - i) * indexSize);
      if (!writeLiteral(known, table.nameIndex(known), value, isAdded, into)) {
        into.position = start;
        throw badCharacter(name);
      }
      if (isAdded) table.add(known, value);
    }
  }

  #writeSizeUpdates(into: ByteSink): void {
    const [least, last] = [this.#leastSize, this.#lastSize];
    this.#leastSize = -1;
    this.#lastSize = -1;
    if (least < this.#table.maxSize && least < last) this.#writeSizeUpdate(least, into);
    if (last !== this.#table.maxSize) this.#writeSizeUpdate(last, into);
  }

  #writeSizeUpdate(size: number, into: ByteSink): void {
    into.reserve(8);
    into.position = writeInteger(size, 5, 0x20, into.bytes, into.position);
    this.#table.resize(size);
  }
}

/** Writes a literal ({@link https://www.rfc-editor.org/rfc/rfc7541#section-6.2 | RFC 7541, 6.2}); false where it has a character over 0xff. */
function writeLiteral(known: KnownName, nameIndex: number, value: string, isAdded: boolean, into: ByteSink): boolean {
  into.position = isAdded
    ? writeInteger(nameIndex, 6, 0x40, into.bytes, into.position)
    : writeInteger(nameIndex, 4, known.isSensitive ? 0x10 : 0x00, into.bytes, into.position);
  if (nameIndex === 0 && !writeString(known.name, true, into)) return false;
  return writeString(value, isAdded || value.length <= alwaysShortened, into);
}

/**
 * Writes a string, in the Huffman code where that is shorter and `isShortened` asks for it; false where it has a character
 * over 0xff. The room must be there.
 */
function writeString(text: string, isShortened: boolean, into: ByteSink): boolean {
  const size = isShortened ? huffmanSize(text) : text.length;
  if (size < 0) return false;
  if (size < text.length) {
    const at = writeInteger(size, 7, 0x80, into.bytes, into.position);
    into.position = writeHuffman(text, into.bytes, at);
    return true;
  }
  const at = writeInteger(text.length, 7, 0x00, into.bytes, into.position);
  into.position = writeText(text, into.bytes, at);
  return into.position >= 0;
}

function checkCharacters(headers: readonly string[]): void {
  for (let i = 0; i < headers.length; i++) {
    // For a string that holds a byte a character, as nearly all do, this is decided without a look at them.
    if (/[^\0-\xff]/.test(headers[i]!)) throw badCharacter(headers[i & ~1]!);
  }
}

function badCharacter(name: string): RangeError {
  return new RangeError(`the header ${JSON.stringify(name)} has a character over U+00FF`);
}
