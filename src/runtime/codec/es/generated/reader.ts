import { ByteReader } from "../byte-reader.js";
import { emptyBytes } from "../empty-bytes.js";
import { recursionLimit } from "../read-message.js";
import { readString } from "../read-string.js";
import { unusual } from "../unusual.js";

/**
 * What generated read functions read from. Throws for whatever does not match the schema; the codec then lets protobuf-es read the
 * message.
 */
export class Reader extends ByteReader {
  /** What `int64` fields hold when unset; generated code has no bigint literals, which need ES2020. */
  readonly zero64: bigint = 0n;

  /** Begins a message that ends at `end`, or with an end tag. The outermost has depth 1. */
  enter(end: number, depth: number): void {
    if (depth > recursionLimit || end > this.end) throw unusual;
  }

  /** The tag of the next field; never 0. */
  field(): number {
    const tag = this.tag();
    // Field numbers begin at 1.
    if (tag < 8) throw unusual;
    return tag;
  }

  /** A message has ended, at `end`, or with the tag `endTag` where that is not 0. */
  leave(end: number, endTag: number, lastTag: number): void {
    if (endTag === 0 ? this.position !== end : lastTag !== endTag) throw unusual;
  }

  /** Reads a length. Returns where what follows ends. */
  length(): number {
    const length = this.varint32();
    return this.position + length;
  }

  /** The same for packed lists and map entries, which are not messages. */
  limit(): number {
    const end = this.length();
    if (end > this.end) throw unusual;
    return end;
  }

  /** Packed items or a map entry must end where their length says. */
  at(end: number): void {
    if (this.position !== end) throw unusual;
  }

  /** The value of a map entry without a value. */
  missing(): never {
    throw unusual;
  }

  int32(): number {
    return this.varint32() | 0;
  }

  uint32(): number {
    return this.varint32();
  }

  sint32(): number {
    const zigzag = this.varint32();
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  unsignedFixed32(): number {
    return this.fixed32() >>> 0;
  }

  /** Invalid UTF-8 becomes U+FFFD. */
  string(): string {
    return readString(this, false);
  }

  /** Refuses invalid UTF-8. */
  strictString(): string {
    return readString(this, true);
  }

  data(): Uint8Array {
    const length = this.varint32();
    const start = this.take(length);
    return this.part(start, start + length);
  }

  /** What `bytes` fields hold when unset. */
  get noBytes(): Uint8Array {
    return emptyBytes();
  }
}
