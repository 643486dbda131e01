import type { Compressor } from "../wire/compression.js";

/** The part of `node:zlib` that is used. Other platforms have it too. */
export interface Zlib {
  gzipSync(bytes: Uint8Array): Uint8Array;
  deflateSync(bytes: Uint8Array): Uint8Array;
  gunzipSync(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array;
  inflateSync(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array;
}

export function zlibCompressor({ deflateSync, gunzipSync, gzipSync, inflateSync }: Zlib): Compressor {
  return {
    compress: (bytes, encoding) => (encoding === "gzip" ? gzipSync(bytes) : deflateSync(bytes)),
    decompress(bytes, encoding, limit) {
      const options = { maxOutputLength: Math.max(1, Math.min(limit, 0x7fff_ffff)) };
      return encoding === "gzip" ? gunzipSync(bytes, options) : inflateSync(bytes, options);
    },
  };
}
