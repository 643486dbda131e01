import type { Compressor } from "../../wire/compression.js";
import { foundCompressor, hasZlib } from "../found-compressor.js";

/**
 * Node's zlib where it exists. Elsewhere only `identity` is accepted: messages are framed one after the other without waiting, and the
 * compression of browsers (CompressionStream) is asynchronous.
 */
export const webCompressor: Compressor = hasZlib ? foundCompressor : { ...foundCompressor, accepts: "identity" };
