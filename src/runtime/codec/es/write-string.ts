import { type ByteWriter, varintSize } from "./byte-writer.js";
import { utf8Room } from "./platform.js";

/** Up to so many characters, the length of the UTF-8 always takes one byte, and a loop is faster than a call into Node. */
const shortString = 42;
/** From so many characters on, room for three bytes each would be too much: the length of the UTF-8 is counted first. */
const longString = 4096;

/** Writes length and UTF-8. Unpaired surrogates become U+FFFD, as with TextEncoder. Makes room itself. */
export function writeString(out: ByteWriter, value: string): void {
  const { length } = value;
  if (length <= shortString) {
    out.ensure(1 + 3 * length);
    const start = out.position;
    const end = writeShort(out.bytes, start + 1, value);
    out.bytes[start] = end - start - 1;
    out.position = end;
    return;
  }
  const room = varintSize(length);
  out.ensure(5 + (length < longString ? 3 * length : utf8Room(value)));
  const start = out.openLength(room);
  out.utf8(value);
  out.closeLength(start, room);
}

function writeShort(bytes: Uint8Array, position: number, value: string): number {
  const { length } = value;
  for (let i = 0; i < length; i++) {
    const unit = value.charCodeAt(i);
    if (unit < 0x80) {
      bytes[position++] = unit;
    } else if (unit < 0x800) {
      bytes[position++] = 0xc0 | (unit >> 6);
      bytes[position++] = 0x80 | (unit & 0x3f);
    } else {
      let point = unit;
      if (unit >= 0xd800 && unit < 0xe000) {
        const next = i + 1 < length ? value.charCodeAt(i + 1) : 0;
        if (unit < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
          point = 0x10000 + ((unit & 0x3ff) << 10) + (next & 0x3ff);
          bytes[position++] = 0xf0 | (point >> 18);
          bytes[position++] = 0x80 | ((point >> 12) & 0x3f);
          bytes[position++] = 0x80 | ((point >> 6) & 0x3f);
          bytes[position++] = 0x80 | (point & 0x3f);
          i++;
          continue;
        }
        point = 0xfffd;
      }
      bytes[position++] = 0xe0 | (point >> 12);
      bytes[position++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[position++] = 0x80 | (point & 0x3f);
    }
  }
  return position;
}
