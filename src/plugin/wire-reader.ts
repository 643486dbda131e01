/** Bytes that are no protobuf message. */
export class WireError extends Error {
  override readonly name: string = "WireError";
}

/** A field of a message: its varint value, or where its bytes are. */
export interface WireField {
  number: number;
  /** 0 varint, 1 fixed 64, 2 bytes, 3 group, 5 fixed 32. */
  type: number;
  /** Of a varint; exact up to 2^53. */
  value: number;
  start: number;
  end: number;
}

const groupDepthLimit = 100;

/**
 * Walks over the fields of a message without copying; what is not looked into costs nothing. Decoding only the parts of a
 * descriptor that are needed is what makes files without services free: a full decode takes many times as long, and
 * loading a protobuf library takes longer than the budget of the plugin's start.
 *
 * The format: https://protobuf.dev/programming-guides/encoding/
 */
export class WireReader {
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;
  readonly #field: WireField = { number: 0, type: 0, value: 0, start: 0, end: 0 };

  constructor(bytes: Buffer, start: number = 0, end: number = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** The next field, or undefined at the end. The object is used again for the field after it. */
  next(): WireField | undefined {
    if (this.#at >= this.#end) return undefined;
    const tag = this.#varint();
    const field = this.#field;
    field.number = Math.floor(tag / 8);
    field.type = tag % 8;
    if (field.number === 0 || field.number > 0x1fff_ffff) throw new WireError(`illegal field number ${field.number}`);
    this.#readValue(field, 0);
    return field;
  }

  /** The varints between two places (a packed field). */
  packed(start: number, end: number): number[] {
    const reader = new WireReader(this.#bytes, start, end);
    const values: number[] = [];
    while (reader.#at < end) values.push(reader.#varint());
    return values;
  }

  #readValue(field: WireField, depth: number): void {
    switch (field.type) {
      case 0:
        field.value = this.#varint();
        return;
      case 1:
        this.#skip(8);
        return;
      case 2: {
        const length = this.#varint();
        field.start = this.#at;
        this.#skip(length);
        field.end = this.#at;
        return;
      }
      case 3:
        this.#skipGroup(field.number, depth + 1);
        return;
      case 5:
        this.#skip(4);
        return;
      default:
        throw new WireError(`illegal wire type ${field.type}`);
    }
  }

  #skipGroup(group: number, depth: number): void {
    if (depth > groupDepthLimit) throw new WireError("groups are nested too deep");
    for (;;) {
      const tag = this.#varint();
      const type = tag % 8;
      const number = Math.floor(tag / 8);
      if (type === 4) {
        if (number !== group) throw new WireError("a group ends that has not begun");
        return;
      }
      this.#readValue({ number, type, value: 0, start: 0, end: 0 }, depth);
    }
  }

  #skip(length: number): void {
    if (length > this.#end - this.#at) throw new WireError("the message is cut off");
    this.#at += length;
  }

  #varint(): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10; count++) {
      if (this.#at >= this.#end) throw new WireError("the message is cut off");
      const byte = this.#bytes[this.#at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    throw new WireError("a varint is longer than 10 bytes");
  }
}
