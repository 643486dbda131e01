import { setBytes } from "../../core/put-bytes.js";
import { spare } from "../../core/spare-memory.js";
import { KEPT_BYTES } from "./kept-bytes.js";
import { decodeUtf8, NodeBuffer } from "./platform.js";
import { float32, float64, int32Words, int64, uint64 } from "./scratch.js";
import { slabBytes, slabPart, smallBytes } from "./slab.js";
import { unusual } from "./unusual.js";
import { WideView } from "./wide-view.js";

/** The bytes that are read, and the position in them. Throws {@link unusual} for malformed bytes, and when it reads past the end. */
export class ByteReader {
  bytes: Uint8Array = empty;
  position = 0;
  end = 0;
  /** Bytes of the whole message. */
  #size = 0;
  /** What {@link bytes} is a view of, once that was asked for: V8 takes longer to tell than to copy some hundred bytes. */
  #buffer: ArrayBufferLike | undefined = undefined;
  #bufferSize = 0;
  #offset = 0;
  #node: Buffer | undefined = undefined;
  #plain: Uint8Array | undefined = undefined;
  readonly #wide = new WideView();

  /** Begins to read from `start` to `end`. Bytes before and after may belong to others. */
  open(bytes: Uint8Array, start: number, end: number): void {
    if (bytes !== this.bytes) this.#change(bytes);
    this.position = start;
    this.end = end;
    this.#size = end - start;
  }

  /** The message is read. The bytes are kept where they are not many: the next message is likely to lie in them too. */
  close(): void {
    if (this.bytes.length > KEPT_BYTES) this.release();
  }

  /** Lets go of the bytes, so that they can be collected. */
  release(): void {
    this.#change(empty);
    this.#wide.of(empty);
  }

  #change(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.#buffer = undefined;
    this.#node = undefined;
    this.#plain = undefined;
  }

  /** UTF-8; invalid input becomes U+FFFD, byte order marks stay. */
  utf8(start: number, end: number): string {
    if (NodeBuffer === undefined) return decodeUtf8(this.bytes.subarray(start, end));
    this.#node ??= this.#asBuffer(NodeBuffer);
    return this.#node.toString("utf8", start, end);
  }

  /** Text that is known to be ASCII. With Buffer that is faster than UTF-8. */
  ascii(start: number, end: number): string {
    if (NodeBuffer === undefined) return this.utf8(start, end);
    this.#node ??= this.#asBuffer(NodeBuffer);
    return this.#node.toString("latin1", start, end);
  }

  #asBuffer(buffer: typeof Buffer): Buffer {
    const { bytes } = this;
    return buffer.isBuffer(bytes) ? bytes : buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Moves on by `size` bytes and returns where they begin. */
  take(size: number): number {
    const start = this.position;
    if (size > this.end - start) throw unusual;
    this.position = start + size;
    return start;
  }

  /** A tag. 0, which is never a tag, if it is malformed. */
  tag(): number {
    const { bytes, position } = this;
    const first = bytes[position]!;
    if (first < 0x80) {
      this.position = position + 1;
      return first;
    }
    const tag = this.varint32();
    // A varint of more bytes, or more bits in the fifth, does not fit in 32 bits.
    const size = this.position - position;
    return size > 5 || (size === 5 && bytes[this.position - 1]! > 0x0f) ? 0 : tag;
  }

  /** The low 32 bits of a varint, as an unsigned number. */
  varint32(): number {
    const { bytes, position } = this;
    // Past the end, the byte is undefined, for which every comparison is false, or it belongs to another message. In both cases
    // `position` moves past the end too, and the check at the end of the message finds that.
    const first = bytes[position]!;
    if (first < 0x80) {
      this.position = position + 1;
      return first;
    }
    return this.longVarint32();
  }

  private longVarint32(): number {
    const { bytes } = this;
    const start = this.position;
    let byte = this.next();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    byte = this.next();
    value |= (byte & 0x7f) << 7;
    if (byte < 0x80) return value;
    byte = this.next();
    value |= (byte & 0x7f) << 14;
    if (byte < 0x80) return value;
    byte = this.next();
    value |= (byte & 0x7f) << 21;
    if (byte < 0x80) return value;
    byte = this.next();
    value |= (byte & 0x0f) << 28;
    while (byte >= 0x80) {
      if (this.position - start >= 10) throw unusual;
      byte = bytes[this.take(1)]!;
    }
    return value >>> 0;
  }

  private next(): number {
    const { position } = this;
    if (position >= this.end) throw unusual;
    this.position = position + 1;
    return this.bytes[position]!;
  }

  /** Reads a varint into the scratch words, low word first. */
  varint64(): void {
    const first = this.bytes[this.position]!;
    if (first < 0x80 && this.position < this.end) {
      this.position++;
      int32Words[0] = first;
      int32Words[1] = 0;
      return;
    }
    let low = 0;
    let byte = 0x80;
    let shift = 0;
    for (; shift < 28 && byte >= 0x80; shift += 7) {
      byte = this.next();
      low |= (byte & 0x7f) << shift;
    }
    let high = 0;
    if (byte >= 0x80) {
      byte = this.next();
      low |= (byte & 0x0f) << 28;
      high = (byte & 0x70) >> 4;
    }
    for (shift = 3; byte >= 0x80; shift += 7) {
      if (shift > 31) throw unusual;
      byte = this.next();
      high |= (byte & 0x7f) << shift;
    }
    int32Words[0] = low;
    int32Words[1] = high;
  }

  signed64(): bigint {
    this.varint64();
    return int64[0]!;
  }

  unsigned64(): bigint {
    this.varint64();
    return uint64[0]!;
  }

  zigzag64(): bigint {
    this.varint64();
    const low = int32Words[0]!;
    const high = int32Words[1]!;
    const sign = -(low & 1);
    int32Words[0] = ((low >>> 1) | (high << 31)) ^ sign;
    int32Words[1] = (high >>> 1) ^ sign;
    return int64[0]!;
  }

  bool(): boolean {
    this.varint64();
    return int32Words[0] !== 0 || int32Words[1] !== 0;
  }

  fixed32(): number {
    const at = this.take(4);
    const { bytes } = this;
    return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  }

  signedFixed64(): bigint {
    this.words();
    return int64[0]!;
  }

  unsignedFixed64(): bigint {
    this.words();
    return uint64[0]!;
  }

  float(): number {
    int32Words[0] = this.fixed32();
    return float32[0]!;
  }

  double(): number {
    const view = this.#wide.of(this.bytes);
    if (view !== undefined) return view.getFloat64(this.take(8), true);
    this.words();
    return float64[0]!;
  }

  private words(): void {
    int32Words[0] = this.fixed32();
    int32Words[1] = this.fixed32();
  }

  #bufferOf(bytes: Uint8Array): ArrayBufferLike {
    const { buffer } = bytes;
    this.#buffer = buffer;
    this.#bufferSize = buffer.byteLength;
    this.#offset = bytes.byteOffset;
    return buffer;
  }

  /**
   * A part of the bytes. It is a copy, because otherwise a few bytes would keep a whole chunk of the connection in memory. It is a view
   * if the message has a buffer of its own and the part is most of it. A message that came in several chunks has one, with or without
   * the prefix of its gRPC frame.
   */
  part(start: number, end: number): Uint8Array {
    const { bytes } = this;
    const buffer = this.#buffer ?? this.#bufferOf(bytes);
    const size = end - start;
    if (this.#bufferSize - this.#size <= frameHeader && size * 2 > this.#size) {
      return new Uint8Array(buffer, this.#offset + start, size);
    }
    if (size > smallBytes) {
      const copy = size <= slabBytes ? slabPart(size) : spare.memory?.take(size);
      if (copy !== undefined) {
        setBytes(copy, new Uint8Array(buffer, this.#offset + start, size), 0);
        return copy;
      }
    }
    if (this.#plain === undefined) {
      // `slice` of a Buffer does not copy, and bytes in messages of protobuf-es are a plain Uint8Array.
      const isPlain = Object.getPrototypeOf(bytes) === Uint8Array.prototype;
      this.#plain = isPlain ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.#plain.slice(start, end);
  }
}

/** Bytes of a gRPC frame before the message. */
const frameHeader = 5;
const empty = new Uint8Array(0);
