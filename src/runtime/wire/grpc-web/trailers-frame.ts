import type { HeaderList } from "../metadata-headers.js";

/** The flag of the frame that has the trailers (gRPC-Web, "Protocol differences vs gRPC over HTTP2"); compressed trailers have bit 0 too. */
export const TRAILERS_FLAG = 0x80;

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/** The body of the frame with the trailers: HTTP/1 header lines, names in lower case. */
export function encodeTrailers(trailers: HeaderList): Uint8Array {
  let text = "";
  for (let at = 0; at + 1 < trailers.length; at += 2) text += `${trailers[at]}: ${trailers[at + 1]}\r\n`;
  return utf8.encode(text);
}

/** Names in lower case and values; a line that is none is left out. */
export function decodeTrailers(bytes: Uint8Array): HeaderList {
  const trailers: string[] = [];
  for (const line of fromUtf8.decode(bytes).split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) trailers.push(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return trailers;
}
