import { builtinModule } from "../../core/builtin-module.js";
import { RpcError } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import type { Compressor } from "../../wire/compression.js";

/** What is used of `node:zlib`. */
interface Zlib {
  gzipSync(bytes: Uint8Array): Uint8Array;
  gunzipSync(bytes: Uint8Array, options: { maxOutputLength: number }): Uint8Array;
  deflateSync(bytes: Uint8Array): Uint8Array;
  inflateSync(bytes: Uint8Array, options: { maxOutputLength: number }): Uint8Array;
}

const zlib = builtinModule<Zlib>("node:zlib");

/**
 * Node's zlib where it can be had without an import. Elsewhere nothing is accepted but `identity`: browsers have no compression
 * that answers at once (CompressionStream works by promises), and messages are framed one after the other.
 */
export const webCompressor: Compressor = zlib === undefined ? none() : withZlib(zlib);

function withZlib({ gzipSync, gunzipSync, deflateSync, inflateSync }: Zlib): Compressor {
  return {
    compress: (bytes, encoding) => (encoding === "gzip" ? gzipSync(bytes) : deflateSync(bytes)),
    decompress(bytes, encoding, limit) {
      const options = { maxOutputLength: Math.max(1, Math.min(limit, 0x7fff_ffff)) };
      return encoding === "gzip" ? gunzipSync(bytes, options) : inflateSync(bytes, options);
    },
  };
}

function none(): Compressor {
  return {
    accepts: "identity",
    compress(_bytes, encoding) {
      const details = `this platform cannot compress messages: leave out compression: "${encoding}"`;
      throw new RpcError(status.UNIMPLEMENTED, details);
    },
    decompress(_bytes, encoding) {
      throw new Error(`this platform accepts no ${encoding}`);
    },
  };
}
