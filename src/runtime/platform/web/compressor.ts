import type { Compressor } from "../../wire/compression.js";
import { foundCompressor, hasZlib } from "../found-compressor.js";

/**
 * Node's zlib where it is found. Elsewhere nothing is accepted but `identity`: browsers have no compression that answers at once
 * (CompressionStream works by promises), and messages are framed one after the other.
 */
export const webCompressor: Compressor = hasZlib ? foundCompressor : { ...foundCompressor, accepts: "identity" };
