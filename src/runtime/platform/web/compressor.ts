import type { Compressor } from "../../wire/compression.js";
import { foundCompressor, hasZlib } from "../found-compressor.js";
import { noCompressor } from "./no-compressor.js";

/** Node's zlib where it exists. */
export const webCompressor: Compressor = hasZlib ? foundCompressor : noCompressor;
