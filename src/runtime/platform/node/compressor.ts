import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import type { Compressor } from "../../wire/compression.js";

/** zlib of Node. */
export const nodeCompressor: Compressor = {
  compress: (bytes, encoding) => (encoding === "gzip" ? gzipSync(bytes) : deflateSync(bytes)),
  decompress(bytes, encoding, limit) {
    const options = { maxOutputLength: Math.max(1, Math.min(limit, 0x7fff_ffff)) };
    return encoding === "gzip" ? gunzipSync(bytes, options) : inflateSync(bytes, options);
  },
};
