/** A call that has sent more than this is not sent again. */
const LIMIT: number = 64 * 1024;

/**
 * Copies of what a call has sent, for as long as the server may still refuse it. Copies, because blocks of messages are
 * used again, and most calls send a few bytes of a block.
 */
export class ReplayBuffer {
  #parts: Buffer[] | undefined = [];
  #size = 0;

  /** What was sent so far, in order; undefined once that is not known any more. */
  get parts(): readonly Buffer[] | undefined {
    return this.#parts;
  }

  add(bytes: Buffer): void {
    if (this.#parts === undefined) return;
    this.#size += bytes.length;
    if (this.#size > LIMIT) this.#parts = undefined;
    else this.#parts.push(Buffer.from(bytes));
  }

  /** It will not be sent again. */
  drop(): void {
    this.#parts = undefined;
  }
}
