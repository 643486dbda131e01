/** What `take()` gives: pieces to be written in order, and who owns their memory. */
export interface Batch {
  /** Views of blocks that the engine does not write again before `done(batch)`. Never empty. */
  readonly pieces: readonly Uint8Array[];
  /** Bytes of all pieces. */
  readonly length: number;
}
