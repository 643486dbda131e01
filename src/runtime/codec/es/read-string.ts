import { getTextEncoding } from "@bufbuild/protobuf/wire";
import type { ByteReader } from "./byte-reader.js";
import { isAscii } from "./platform.js";
import { readWide } from "./read-wide.js";

/** Up to this length, in bytes, {@link readShort} is faster than a call into Node. */
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
  const half = start + 8;
  if (end <= half) return readFew(bytes, start, end - start);
  const text = readFew(bytes, start, 8);
  const rest = readFew(bytes, half, end - half);
  return text === undefined || rest === undefined ? undefined : text + rest;
}

/** Up to eight characters, with one call of `fromCharCode`: each further one makes a string that is then joined. */
function readFew(bytes: Uint8Array, at: number, length: number): string | undefined {
  const { fromCharCode } = String;
  if (length === 0) return "";
  const a = bytes[at]!;
  let all = a;
  if (length === 1) return all < 0x80 ? fromCharCode(a) : undefined;
  const b = bytes[at + 1]!;
  all |= b;
  if (length === 2) return all < 0x80 ? fromCharCode(a, b) : undefined;
  const c = bytes[at + 2]!;
  all |= c;
  if (length === 3) return all < 0x80 ? fromCharCode(a, b, c) : undefined;
  const d = bytes[at + 3]!;
  all |= d;
  if (length === 4) return all < 0x80 ? fromCharCode(a, b, c, d) : undefined;
  const e = bytes[at + 4]!;
  all |= e;
  if (length === 5) return all < 0x80 ? fromCharCode(a, b, c, d, e) : undefined;
  const f = bytes[at + 5]!;
  all |= f;
  if (length === 6) return all < 0x80 ? fromCharCode(a, b, c, d, e, f) : undefined;
  const g = bytes[at + 6]!;
  all |= g;
  if (length === 7) return all < 0x80 ? fromCharCode(a, b, c, d, e, f, g) : undefined;
  const h = bytes[at + 7]!;
  all |= h;
  return all < 0x80 ? fromCharCode(a, b, c, d, e, f, g, h) : undefined;
}
