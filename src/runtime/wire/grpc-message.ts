const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/** The most bytes of `grpc-message` that are sent; longer texts are cut and marked. Some peers fail on header blocks of 64 KiB. */
export const MAX_MESSAGE_BYTES: number = 16 * 1024;

const CUT_MARK = "... (cut)";

/**
 * `grpc-message` is percent-encoded UTF-8: bytes other than space to `~`, and `%` itself, are escaped (gRPC over HTTP/2,
 * "Status-Message"). At most `limit` bytes: a longer text is cut between characters, and says so at its end.
 */
export function encodeGrpcMessage(text: string, limit: number = MAX_MESSAGE_BYTES): string {
  if (text.length <= limit && /^[ -$&-~]*$/.test(text)) return text;
  const room = Math.max(0, limit - CUT_MARK.length);
  let out = "";
  let whole = "";
  for (const character of text) {
    out += escaped(character);
    if (out.length > limit) return limit < CUT_MARK.length ? "" : whole + CUT_MARK;
    if (out.length <= room) whole = out;
  }
  return out;
}

function escaped(character: string): string {
  if (/^[ -$&-~]$/.test(character)) return character;
  let out = "";
  // A surrogate without its pair becomes U+FFFD.
  for (const byte of utf8.encode(character)) out += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  return out;
}

/** Decodes `grpc-message`. Never fails: an invalid escape is left as it is, as the specification asks. */
export function decodeGrpcMessage(header: string): string {
  if (!header.includes("%")) return header;
  const raw = utf8.encode(header);
  let length = 0;
  for (let at = 0; at < raw.length; at++) {
    const byte = raw[at] === 0x25 ? hexByte(raw, at + 1) : undefined;
    raw[length++] = byte ?? raw[at]!;
    if (byte !== undefined) at += 2;
  }
  return fromUtf8.decode(raw.subarray(0, length));
}

function hexByte(bytes: Uint8Array, at: number): number | undefined {
  const digits = String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0);
  return /^[0-9a-fA-F]{2}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}
