/** What is used of Node's Buffer, where there is one; a browser has `btoa` and `atob`. */
interface NativeBytes {
  from(text: string, encoding: "base64"): Uint8Array;
  from(bytes: Uint8Array): Uint8Array;
  from(buffer: ArrayBufferLike, offset: number, length: number): { toString(encoding: "base64"): string };
}

const native = (globalThis as { Buffer?: NativeBytes }).Buffer; // typed here by what is used of it

/** Bytes as base64 without padding, as gRPC asks of binary metadata ("should emit un-padded values"). */
export function toBase64(bytes: Uint8Array): string {
  return toPaddedBase64(bytes).replace(/=+$/, "");
}

/** Bytes as base64, with padding. */
export function toPaddedBase64(bytes: Uint8Array): string {
  if (native !== undefined) return native.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
  let latin1 = "";
  for (const byte of bytes) latin1 += String.fromCharCode(byte);
  return btoa(latin1);
}

/** A copy of the bytes; a Buffer on Node, as grpc-js gives. */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  return native === undefined ? Uint8Array.from(bytes) : native.from(bytes);
}

/** Decodes base64. Never fails: characters outside the alphabet are skipped, padding may be missing. */
export function fromBase64(text: string): Uint8Array {
  if (native !== undefined) return native.from(text, "base64");
  const latin1 = atob(
    text
      .replace(/-/g, "+")
      .replace(/_/g, "/")
      .replace(/[^A-Za-z0-9+/]/g, ""),
  );
  return Uint8Array.from(latin1, (character) => character.charCodeAt(0));
}

/** Concatenates the parts into a new array. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let size = 0;
  for (const part of parts) size += part.length;
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
