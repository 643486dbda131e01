/** Memory that can be used again. */
export interface SpareMemory {
  /** Memory of just this size, with any content, in a buffer of its own. */
  take(size: number): Uint8Array | undefined;
}

/** What received messages are put into, before anything is allocated for them: none, unless the program uses `releaseBytes`. */
export const spare: { memory: SpareMemory | undefined } = { memory: undefined };
