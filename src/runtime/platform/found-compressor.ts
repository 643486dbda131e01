import { builtinModule } from "../core/builtin-module.js";
import type { Compressor } from "../wire/compression.js";
import { noCompressor } from "./no-compressor.js";
import { type Zlib, zlibCompressor } from "./zlib-compressor.js";

const zlib = builtinModule<Zlib>("node:zlib");

/** Whether this platform has Node's zlib: Node, Deno and Bun have it, and Workers with `nodejs_compat`. */
export const hasZlib: boolean = zlib !== undefined;

/** Node's zlib, looked up and not imported, for code that runs elsewhere too. Without it, compressed messages are UNIMPLEMENTED. */
export const foundCompressor: Compressor = zlib === undefined ? noCompressor : zlibCompressor(zlib);
