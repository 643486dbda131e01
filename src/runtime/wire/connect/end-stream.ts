import { toBase64 } from "../../core/bytes.js";
import { DETAILS_KEY } from "../../core/error-details.js";
import { Metadata } from "../../core/metadata.js";
import { type StatusObject, statusObject } from "../../core/rpc-error.js";
import * as Code from "../../core/status-code.js";
import { isReserved } from "../metadata-headers.js";
import { errorFromJson, errorToJson } from "./error-json.js";

/** The flag of the envelope that ends a stream (Connect protocol reference, "Streaming Response"). */
export const END_STREAM_FLAG = 2;

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder("utf-8", { fatal: true });

/** The message that ends a stream: its error, if any, and the trailers. */
export function encodeEndStream(result: StatusObject): Uint8Array {
  const metadata: Record<string, string[]> = Object.create(null);
  for (const [key, value] of result.metadata) {
    if (isReserved(key) || key === DETAILS_KEY) continue;
    metadata[key] ??= [];
    metadata[key].push(typeof value === "string" ? value : toBase64(value));
  }
  const json = {
    ...(result.code === Code.OK ? {} : { error: errorToJson(result) }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
  return utf8.encode(JSON.stringify(json));
}

/** The status that a stream ended with, trailers and details in its metadata; INTERNAL for what is no end of a stream. */
export function decodeEndStream(bytes: Uint8Array): StatusObject {
  let json: unknown;
  try {
    json = JSON.parse(fromUtf8.decode(bytes));
  } catch {
    return statusObject(Code.INTERNAL, "the end of the stream is not JSON");
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return statusObject(Code.INTERNAL, "the end of the stream is not an object of JSON");
  }
  const { error, metadata } = json as { error?: unknown; metadata?: unknown }; // an object; its members are unknown
  const trailers = readMetadataJson(metadata);
  if (error === undefined || error === null) return { code: Code.OK, details: "", metadata: trailers };
  const result = errorFromJson(error, Code.UNKNOWN);
  trailers.merge(result.metadata);
  return { code: result.code, details: result.details, metadata: trailers };
}

function readMetadataJson(given: unknown): Metadata {
  const metadata = new Metadata();
  if (typeof given !== "object" || given === null) return metadata;
  for (const [name, values] of Object.entries(given)) {
    const key = name.toLowerCase();
    if (isReserved(key)) continue;
    for (const value of Array.isArray(values) ? values : [values]) {
      if (typeof value === "string") metadata.addReceived(key, value);
    }
  }
  return metadata;
}
