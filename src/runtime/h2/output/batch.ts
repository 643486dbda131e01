import type { Owner } from "./block.js";

/** What `take()` gives: pieces to be written in order, and who owns their memory. */
export interface Batch {
  /** Views of memory that the engine does not write again before `done(batch)`. Never empty. */
  readonly pieces: readonly Uint8Array[];
  /** Bytes of all pieces. */
  readonly length: number;
}

/** A batch with what `done` needs to know of it. */
export interface OwnedBatch extends Batch {
  readonly owners: readonly Owner[];
  /** Bytes of control frames in it. */
  readonly controlBytes: number;
}
