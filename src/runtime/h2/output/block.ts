import type { Environment } from "../environment.js";

/** A piece of memory that frames are written into; reused when there are no more references to it. */
export class Block {
  readonly bytes: Uint8Array;
  /** Writers, segments and batches that still need it. */
  holders = 1;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  drop(environment: Environment): void {
    if (--this.holders === 0) environment.release(this.bytes);
  }
}

/** The owner of a segment's memory: a block of ours, or whoever lent it. */
export type Owner = Block | Lent | undefined;

/** Bytes of the user's. */
export class Lent {
  holders = 1;
  readonly #bytes: Uint8Array;
  readonly #release: (bytes: Uint8Array) => void;

  constructor(bytes: Uint8Array, release: (bytes: Uint8Array) => void) {
    this.#bytes = bytes;
    this.#release = release;
  }

  drop(): void {
    if (--this.holders === 0) this.#release(this.#bytes);
  }
}

/** Part of some memory, to be sent. */
export interface Segment {
  readonly bytes: Uint8Array;
  start: number;
  readonly end: number;
  readonly owner: Owner;
}
