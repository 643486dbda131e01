import { toBase64 } from "../core/bytes.js";
import { Metadata } from "../core/metadata.js";

/** Headers as they are on the wire: name, value, name, value, … Names are lower case. */
export type HeaderList = readonly string[];

/** Headers of the protocol itself: not sent from a user's metadata, and not shown in it. */
const RESERVED = new Set([
  "te",
  "content-type",
  "content-length",
  "user-agent",
  "host",
  "date",
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
  "grpc-timeout",
  "grpc-encoding",
  "grpc-accept-encoding",
  "grpc-message-type",
  "grpc-status",
  "grpc-message",
]);

const COLON = 0x3a;

/** Whether a name, in lower case, is the protocol's own. */
export function isReserved(key: string): boolean {
  return RESERVED.has(key);
}

/** Bytes that HTTP/2 counts for each header beside name and value (RFC 9113, section 6.5.2). */
const HEADER_OVERHEAD = 32;

/** Adds metadata to `headers`: bytes as base64, one header for each value, reserved names left out. */
export function putMetadata(metadata: Metadata, headers: string[]): void {
  if (metadata.size === 0) return;
  for (const [key, value] of metadata) {
    if (!RESERVED.has(key)) headers.push(key, typeof value === "string" ? value : toBase64(value));
  }
}

/** The metadata of received headers: all but what the protocol uses. Users see the `user-agent`. */
export function readMetadata(headers: HeaderList): Metadata {
  const metadata = new Metadata();
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const key = headers[at]!;
    if (key.charCodeAt(0) === COLON || (RESERVED.has(key) && key !== "user-agent")) continue;
    metadata.addReceived(key, headers[at + 1]!);
  }
  return metadata;
}

/** The value of a header; undefined where it is missing or comes several times. */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  let value: string | undefined;
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at] !== name) continue;
    if (value !== undefined) return undefined;
    value = headers[at + 1];
  }
  return value;
}

/** The size of a block of headers as HTTP/2 counts it against limits (RFC 9113, section 6.5.2). */
export function headersSize(headers: HeaderList): number {
  let size = 0;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    size += headers[at]!.length + headers[at + 1]!.length + HEADER_OVERHEAD;
  }
  return size;
}
