import type { ByteSink } from "../../core/codec.js";
import { setBytes } from "../../core/put-bytes.js";
import { KEPT_BYTES } from "./kept-bytes.js";
import { encodeUtf8, NodeBuffer } from "./platform.js";
import { float32, float64, int32Words, int64 } from "./scratch.js";
import { WideView } from "./wide-view.js";

/**
 * The bytes that are written, and the position in them. This one class stands in front of every {@link ByteSink}, so that V8 sees one
 * kind of object in the hot code. `ensure` must be called before a write. At the end the sink gets `position` back.
 */
export class ByteWriter {
  bytes: Uint8Array = empty;
  position = 0;
  /** The length of {@link bytes}: V8 asks a typed array for it more slowly than an object for a number. */
  #limit = 0;
  sink: ByteSink = noSink;
  #node: Buffer | undefined = undefined;
  #nodeOf: Uint8Array = empty;
  readonly #wide = new WideView();

  open(sink: ByteSink): void {
    this.sink = sink;
    const { bytes } = sink;
    if (bytes !== this.bytes) this.#write(bytes);
    this.position = sink.position;
  }

  /** Lets go of the sink, and of its buffer where that is large: into a small one the next message is likely to go too. */
  close(): void {
    this.sink = noSink;
    if (this.#limit <= KEPT_BYTES) return;
    this.#write(empty);
    this.#node = undefined;
    this.#nodeOf = empty;
    this.#wide.of(empty);
  }

  ensure(size: number): void {
    if (this.position + size > this.#limit) this.#grow(size);
  }

  #grow(size: number): void {
    const { sink } = this;
    sink.position = this.position;
    sink.reserve(size);
    this.#write(sink.bytes);
  }

  #write(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.#limit = bytes.length;
  }

  /** UTF-8 without a length before it. There must be room. Unpaired surrogates become U+FFFD. */
  utf8(value: string): void {
    const { bytes, position } = this;
    if (NodeBuffer === undefined) {
      this.position += encodeUtf8(value, bytes.subarray(position));
      return;
    }
    if (this.#node === undefined || this.#nodeOf !== bytes) {
      const isBuffer = NodeBuffer.isBuffer(bytes);
      this.#node = isBuffer ? bytes : NodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      this.#nodeOf = bytes;
    }
    this.position += this.#node.write(value, position, "utf8");
  }

  /** A tag, a length or another unsigned number of 32 bits: up to 5 bytes. */
  varint32(value: number): void {
    const { bytes } = this;
    let { position } = this;
    while (value > 0x7f) {
      bytes[position++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    bytes[position++] = value;
    this.position = position;
  }

  /** A signed number of 32 bits; negative ones take 10 bytes. */
  int32(value: number): void {
    if (value >= 0) this.varint32(value);
    else this.varint64(value | 0, -1);
  }

  /** Up to 10 bytes. */
  varint64(low: number, high: number): void {
    const { bytes } = this;
    let { position } = this;
    let lo = low >>> 0;
    let hi = high >>> 0;
    while (hi !== 0) {
      bytes[position++] = (lo & 0x7f) | 0x80;
      lo = ((lo >>> 7) | (hi << 25)) >>> 0;
      hi >>>= 7;
    }
    while (lo > 0x7f) {
      bytes[position++] = (lo & 0x7f) | 0x80;
      lo >>>= 7;
    }
    bytes[position++] = lo;
    this.position = position;
  }

  fixed32(value: number): void {
    const { bytes, position } = this;
    bytes[position] = value;
    bytes[position + 1] = value >>> 8;
    bytes[position + 2] = value >>> 16;
    bytes[position + 3] = value >>> 24;
    this.position = position + 4;
  }

  /** A bigint that fits in 64 bits, signed or not, as a varint. */
  bigintVarint(value: bigint): void {
    int64[0] = value;
    this.varint64(int32Words[0]!, int32Words[1]!);
  }

  /** As a varint in ZigZag form: the lowest bit is the sign. */
  bigintZigzag(value: bigint): void {
    int64[0] = value;
    const low = int32Words[0]!;
    const high = int32Words[1]!;
    const sign = high >> 31;
    this.varint64((low << 1) ^ sign, ((high << 1) | (low >>> 31)) ^ sign);
  }

  bigintFixed(value: bigint): void {
    int64[0] = value;
    this.fixed32(int32Words[0]!);
    this.fixed32(int32Words[1]!);
  }

  /** Eight bytes. */
  double(value: number): void {
    const view = this.#wide.of(this.bytes);
    if (view === undefined) {
      float64[0] = value;
      this.fixed32(int32Words[0]!);
      this.fixed32(int32Words[1]!);
    } else {
      view.setFloat64(this.position, value, true);
      this.position += 8;
    }
  }

  /** Four bytes. */
  float(value: number): void {
    float32[0] = value;
    this.fixed32(int32Words[0]!);
  }

  raw(data: Uint8Array): void {
    this.ensure(data.length);
    setBytes(this.bytes, data, this.position);
    this.position += data.length;
  }

  /**
   * Leaves `room` bytes free for the length of what follows. There must be space for them. Returns their position, for
   * {@link closeLength}.
   */
  openLength(room: number): number {
    const start = this.position;
    this.position = start + room;
    return start;
  }

  /** Writes the length. If that takes more or fewer than `room` bytes, moves the content. Returns how many bytes the length took. */
  closeLength(start: number, room: number): number {
    const length = this.position - start - room;
    const size = varintSize(length);
    if (size > room) this.ensure(size - room);
    if (size !== room) {
      this.bytes.copyWithin(start + size, start + room, this.position);
    }
    this.position = start;
    this.varint32(length);
    this.position = start + size + length;
    return size;
  }
}

export function varintSize(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
}

const empty = new Uint8Array(0);
const noSink: ByteSink = { bytes: empty, position: 0, reserve() {} };
