import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import type { Compressor } from "../../wire/compression.js";
import { zlibCompressor } from "../zlib-compressor.js";

/** zlib of Node. */
export const nodeCompressor: Compressor = zlibCompressor({ deflateSync, gunzipSync, gzipSync, inflateSync });
