/** Node's allocation that is not zeroed first; browsers have none. */
interface NativeAllocation {
  allocUnsafeSlow(size: number): Uint8Array;
}
const native = (globalThis as { Buffer?: NativeAllocation }).Buffer; // typed by what is used of it

/** Bytes with any content, in an ArrayBuffer of their own. */
export function allocate(size: number): Uint8Array {
  return native === undefined ? new Uint8Array(size) : native.allocUnsafeSlow(size);
}

/** The sizes of blocks that are kept for reuse, and how many of each; larger ones are allocated for the occasion. */
const CLASSES: readonly { readonly size: number; readonly kept: number }[] = [
  { size: 4 * 1024, kept: 256 },
  { size: 32 * 1024, kept: 128 },
  { size: 160 * 1024, kept: 32 },
  { size: 640 * 1024, kept: 8 },
];

/** Blocks of memory that are used again: a new one for each message would keep the garbage collector at work. */
export class BlockPool {
  readonly #allocate: (size: number) => Uint8Array;
  readonly #free: Uint8Array[][] = CLASSES.map(() => []);

  constructor(allocated: (size: number) => Uint8Array) {
    this.#allocate = allocated;
  }

  /** A block of at least `size` bytes with any content. */
  acquire(size: number): Uint8Array {
    for (let i = 0; i < CLASSES.length; i++) {
      const kind = CLASSES[i]!;
      if (size <= kind.size) return this.#free[i]!.pop() ?? this.#allocate(kind.size);
    }
    return this.#allocate(size);
  }

  /** Takes a block back, from {@link acquire} and not read any more: a socket must have finished writing it. */
  release(block: Uint8Array): void {
    for (let i = 0; i < CLASSES.length; i++) {
      const kind = CLASSES[i]!;
      if (block.length !== kind.size) continue;
      const free = this.#free[i]!;
      if (free.length < kind.kept) free.push(block);
      return;
    }
  }
}

/** The blocks of the process. */
export const blocks: BlockPool = new BlockPool(allocate);
