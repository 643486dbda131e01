import { RpcError } from "../core/rpc-error.js";
import * as Code from "../core/status-code.js";
import type { Compressor } from "../wire/compression.js";

/**
 * For platforms without zlib. Only `identity` is accepted: messages are framed one after the other without waiting, and the
 * compression of browsers (CompressionStream) is asynchronous.
 */
export const noCompressor: Compressor = { compress: unavailable, decompress: unavailable, accepts: "identity" };

function unavailable(): never {
  throw new RpcError(Code.UNIMPLEMENTED, "this platform has no zlib: messages must not be compressed");
}
