import type { FileSet } from "../descriptors/file-set.js";
import type { ProtoRoot } from "./proto-root.js";

/** What compiling gives: descriptors, and which of them to generate from. */
export interface Compiled {
  readonly files: FileSet;
  /** Import names of the files to generate from. */
  readonly generate: readonly string[];
  /** Absolute paths of the sources that are known, by import name. */
  readonly paths: ReadonlyMap<string, string>;
  /** The roots that the names of the files to generate from are relative to, as far as they are known. */
  readonly roots: readonly ProtoRoot[];
  /** Absolute paths of the files that are only imported, or of the folder they are in (buf names no paths). */
  readonly imports: readonly string[];
  /** What compiled them, e.g. `protoc 36.2`. */
  readonly compiler: string;
  readonly warnings: readonly string[];
}
