import { getTextEncoding } from "@bufbuild/protobuf/wire";
import type { ByteReader } from "./byte-reader.js";
import { isAscii } from "./platform.js";
import { readWide } from "./read-wide.js";

/** Up to this length, in bytes, a loop is faster than a call into Node. For longer strings V8 collects pieces, which it must join later. */
const shortString = 15;
/** From this length on, in bytes, it is faster to check first whether all is ASCII. */
const longString = 2048;

/** Reads length and UTF-8. Invalid UTF-8 becomes U+FFFD, or an error if `strict`. */
export function readString(input: ByteReader, strict: boolean): string {
  const length = input.varint32();
  const start = input.take(length);
  const end = start + length;
  if (length <= shortString) {
    const text = readShort(input.bytes, start, end);
    if (text !== undefined) return text;
  } else if (length >= longString && isAscii?.(input.bytes.subarray(start, end))) {
    return input.ascii(start, end);
  } else {
    const text = readWide(input.bytes, start, end);
    // A byte order mark at the start is left to protobuf-es' decoder, below.
    if (text !== undefined && text.charCodeAt(0) !== 0xfeff) return text;
  }
  const text = input.utf8(start, end);
  // Invalid input and byte order marks are rare. protobuf-es' decoder decides what they become.
  if (text.charCodeAt(0) === 0xfeff || text.includes("\ufffd")) {
    return getTextEncoding().decodeUtf8(input.bytes.subarray(start, end), strict);
  }
  return text;
}

/** The string if it is all ASCII. */
function readShort(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = "";
  let at = start;
  for (; end - at >= 8; at += 8) {
    const a = bytes[at]!;
    const b = bytes[at + 1]!;
    const c = bytes[at + 2]!;
    const d = bytes[at + 3]!;
    const e = bytes[at + 4]!;
    const f = bytes[at + 5]!;
    const g = bytes[at + 6]!;
    const h = bytes[at + 7]!;
    if ((a | b | c | d | e | f | g | h) & 0x80) return undefined;
    text += String.fromCharCode(a, b, c, d, e, f, g, h);
  }
  if (end - at >= 4) {
    const a = bytes[at]!;
    const b = bytes[at + 1]!;
    const c = bytes[at + 2]!;
    const d = bytes[at + 3]!;
    if ((a | b | c | d) & 0x80) return undefined;
    text += String.fromCharCode(a, b, c, d);
    at += 4;
  }
  for (; at < end; at++) {
    const a = bytes[at]!;
    if (a & 0x80) return undefined;
    text += String.fromCharCode(a);
  }
  return text;
}
