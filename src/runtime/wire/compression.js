import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { status } from "../core/metadata.js";
import { WireError } from "./wire-error.js";
/** What we understand, as `grpc-accept-encoding` says it. */
export const ACCEPT_ENCODING = "identity,deflate,gzip";
/** The encoding a `grpc-encoding` header names (absent: identity), or undefined where we do not know it. */
export function parseEncoding(header) {
    if (header === undefined)
        return "identity";
    return header === "identity" || header === "gzip" || header === "deflate" ? header : undefined;
}
/** Compresses one message. `deflate` is the zlib format (RFC 1950), as gRPC's compression specification has it. */
export function compress(bytes, encoding) {
    return encoding === "gzip" ? gzipSync(bytes) : deflateSync(bytes);
}
/**
 * Inflates one message, never past `limit` bytes.
 * @throws WireError RESOURCE_EXHAUSTED past the limit (P12), INTERNAL for bytes that are no such stream.
 */
export function decompress(bytes, encoding, limit) {
    const options = { maxOutputLength: Math.max(1, Math.min(limit, 0x7fff_ffff)) };
    try {
        return encoding === "gzip" ? gunzipSync(bytes, options) : inflateSync(bytes, options);
    }
    catch (error) {
        if (error instanceof RangeError) {
            throw new WireError(status.RESOURCE_EXHAUSTED, `the inflated message is larger than the limit of ${limit} bytes`);
        }
        throw new WireError(status.INTERNAL, `a message is not valid ${encoding}`, { cause: error });
    }
}
