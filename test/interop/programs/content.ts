import { createHash } from "node:crypto";

const pattern: Uint8Array = Uint8Array.from({ length: 251 }, (_, index) => index);

/** Does not fit a double: a peer that reads int64 as a number loses the last bit. */
export const bigTimestamp = 9007199254740993n;

/** Bytes whose value is their offset modulo 251, so that any chunking of them can be checked. */
export function fill(size: number, offset = 0): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  let from = offset % 251;
  while (at < size) {
    const part = pattern.subarray(from, Math.min(251, from + size - at));
    bytes.set(part, at);
    at += part.length;
    from = 0;
  }
  return bytes;
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
