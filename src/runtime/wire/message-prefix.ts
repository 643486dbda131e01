/**
 * Before each message: a flag byte (1: compressed) and the length of what follows, big-endian.
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md "Length-Prefixed-Message"
 */
export const PREFIX_BYTES = 5;

/** The length that the prefix at `at` says. */
export function prefixedLength(bytes: Uint8Array, at: number): number {
  // Multiplied, for a shift would make lengths past 2 GiB negative. The caller knows that the five bytes are there.
  return bytes[at + 1]! * 0x100_0000 + ((bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!);
}

/** Writes the prefix of a message of `length` bytes at `at`. */
export function putPrefix(bytes: Uint8Array, at: number, flag: number, length: number): void {
  bytes[at] = flag;
  bytes[at + 1] = length >>> 24;
  bytes[at + 2] = length >>> 16;
  bytes[at + 3] = length >>> 8;
  bytes[at + 4] = length;
}
