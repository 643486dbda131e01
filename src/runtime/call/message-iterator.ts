/** Is told that an iteration was left before its end. */
export interface Leavable {
  /** `break`, `return` or `throw` out of a `for await`. */
  left(): void;
}

const LEFT: Promise<IteratorReturnResult<undefined>> = Promise.resolve({ done: true, value: undefined });

/** The iterator of a `for await` over a call. `next` gives single messages or batches. Leaving the loop early tells the owner. */
export class MessageIterator<Item> implements AsyncIterableIterator<Item, undefined> {
  readonly #next: () => Promise<IteratorResult<Item, undefined>>;
  readonly #owner: Leavable;
  #over = false;

  constructor(next: () => Promise<IteratorResult<Item, undefined>>, owner: Leavable) {
    this.#next = next;
    this.#owner = owner;
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    return this.#over ? LEFT : this.#next();
  }

  return(): Promise<IteratorResult<Item, undefined>> {
    this.#over = true;
    this.#owner.left();
    return LEFT;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
