import { NodeBuffer } from "./platform.js";

/** The loop below is used for up to so many bytes. For characters of three bytes, V8's own decoder is 4 times slower. */
const longest = 4096;

const units = new Uint16Array(longest);
const asBuffer = NodeBuffer?.from(units.buffer);

/**
 * The text, if it is valid UTF-8 and has a character above U+00FF at its start or in its middle. V8 stores such text as UTF-16, and Node
 * makes a string of UTF-16 by copying it. Undefined for all other text, and where there is no Buffer.
 */
export function readWide(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (asBuffer === undefined || end - start > longest) return undefined;
  // Characters above U+00FF begin with a byte of at least this value; continuation bytes are smaller.
  if (bytes[start]! < 0xc4 && bytes[leadOf(bytes, (start + end) >> 1)]! < 0xc4) return undefined;
  const length = toUtf16(bytes, start, end);
  return length === 0 ? undefined : asBuffer.toString("utf16le", 0, 2 * length);
}

/** Where the character begins that this byte belongs to: here, or up to three bytes before. */
function leadOf(bytes: Uint8Array, at: number): number {
  return (bytes[at]! & 0xc0) !== 0x80 ? at : (bytes[at - 1]! & 0xc0) !== 0x80 ? at - 1 : at - 2;
}

/** Fills `units`. Returns how many, or 0 for invalid UTF-8: https://www.unicode.org/versions/latest/core-spec/chapter-3/#G27506 */
function toUtf16(bytes: Uint8Array, start: number, end: number): number {
  let length = 0;
  for (let at = start; at < end; ) {
    const lead = bytes[at]!;
    if (lead < 0x80) {
      units[length++] = lead;
      at++;
    } else if (lead < 0xe0) {
      const second = bytes[at + 1]!;
      if (lead < 0xc2 || at + 2 > end || (second & 0xc0) !== 0x80) return 0;
      units[length++] = ((lead & 0x1f) << 6) | (second & 0x3f);
      at += 2;
    } else if (lead < 0xf0) {
      const second = bytes[at + 1]!;
      const third = bytes[at + 2]!;
      if (at + 3 > end || (second & 0xc0) !== 0x80 || (third & 0xc0) !== 0x80) return 0;
      const unit = ((lead & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
      // Refused: a form longer than needed, and surrogates.
      if (unit < 0x800 || (unit & 0xf800) === 0xd800) return 0;
      units[length++] = unit;
      at += 3;
    } else {
      const second = bytes[at + 1]!;
      const third = bytes[at + 2]!;
      const fourth = bytes[at + 3]!;
      const valid = (second & 0xc0) === 0x80 && (third & 0xc0) === 0x80 && (fourth & 0xc0) === 0x80;
      if (lead > 0xf4 || at + 4 > end || !valid) return 0;
      const point = ((lead & 0x07) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | (fourth & 0x3f);
      if (point < 0x10000 || point > 0x10ffff) return 0;
      units[length++] = 0xd7c0 + (point >> 10);
      units[length++] = 0xdc00 | (point & 0x3ff);
      at += 4;
    }
  }
  return length;
}
