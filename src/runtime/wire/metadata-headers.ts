import type { OutgoingHttpHeader } from "node:http";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2";
import { Metadata } from "../core/metadata.js";

/** What the protocol itself uses: neither taken from a user's metadata nor shown in it. */
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

/** Shown to users although the protocol uses them. */
const VISIBLE = new Set(["user-agent"]);

/** Adds metadata to `headers`: binary values as base64, reserved names left out. */
export function putMetadata(metadata: Metadata, headers: OutgoingHttpHeaders): void {
  const entries = metadata.toHttp2Headers();
  for (const key in entries) {
    if (!RESERVED.has(key)) headers[key] = key.endsWith("-bin") ? unpadded(entries[key]) : entries[key];
  }
}

/** "Implementations … should emit un-padded values", says gRPC's PROTOCOL-HTTP2 of binary metadata. */
function unpadded(value: OutgoingHttpHeader | undefined): OutgoingHttpHeader | undefined {
  if (typeof value === "string") return value.replace(/=+$/, "");
  if (typeof value === "number" || value === undefined) return value;
  return value.map((one) => one.replace(/=+$/, ""));
}

/**
 * Reads metadata from received headers. `raw` is the flat list of names and values that newer releases of Node give
 * beside the object: it keeps apart several values of one name, which the object joins.
 */
export function readMetadata(headers: IncomingHttpHeaders, raw: readonly string[] | undefined): Metadata {
  const metadata = new Metadata();
  if (raw !== undefined) {
    for (let at = 0; at + 1 < raw.length; at += 2) addValue(metadata, raw[at]!, raw[at + 1]!);
    return metadata;
  }
  for (const key in headers) {
    const value = headers[key];
    if (typeof value === "string") addValue(metadata, key, value);
    else for (const one of value ?? []) addValue(metadata, key, one);
  }
  return metadata;
}

/** The value of a header that has one; undefined where it is missing or comes several times. */
export function headerValue(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}

/** The size of a block of headers as HTTP/2 counts it against limits (RFC 9113, SETTINGS_MAX_HEADER_LIST_SIZE). */
export function headersSize(headers: IncomingHttpHeaders, raw: readonly string[] | undefined): number {
  let size = 0;
  if (raw !== undefined) {
    for (let at = 0; at + 1 < raw.length; at += 2) size += raw[at]!.length + raw[at + 1]!.length + 32;
    return size;
  }
  for (const key in headers) {
    const value = headers[key];
    size += key.length + (value?.length ?? 0) + 32;
  }
  return size;
}

/** A binary header may carry several values joined by commas, each with or without padding. */
function addValue(metadata: Metadata, key: string, value: string): void {
  if (key.charCodeAt(0) === COLON || (RESERVED.has(key) && !VISIBLE.has(key))) return;
  try {
    if (key.endsWith("-bin")) {
      for (const part of value.split(",")) metadata.add(key, Buffer.from(part.trim(), "base64"));
    } else {
      metadata.add(key, value);
    }
  } catch {
    // grpc-js refuses names and values outside the specification's alphabet; such a header is no metadata.
  }
}
