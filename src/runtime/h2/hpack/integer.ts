/**
 * Writes an integer behind `prefixBits` bits of the first byte, whose other bits are `pattern`
 * ({@link https://www.rfc-editor.org/rfc/rfc7541#section-5.1 | RFC 7541, 5.1}). At most six bytes for values below 2^32;
 * the room must be there. Returns the position behind it.
 */
export function writeInteger(
  value: number,
  prefixBits: number,
  pattern: number,
  bytes: Uint8Array,
  position: number,
): number {
  const limit = (1 << prefixBits) - 1;
  if (value < limit) {
    bytes[position++] = pattern | value;
    return position;
  }
  bytes[position++] = pattern | limit;
  let rest = value - limit;
  while (rest >= 128) {
    bytes[position++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  bytes[position++] = rest;
  return position;
}
