/** Is told that an iteration was left before its end. */
export interface Leavable {
  /** `break`, `return` or `throw` out of a `for await`. */
  left(): void;
}

const LEFT: Promise<IteratorReturnResult<undefined>> = Promise.resolve({ done: true, value: undefined });

/** Where single messages come from, or batches. */
export interface MessageSource<Item> {
  next(): Promise<IteratorResult<Item, undefined>>;
}

/** The iterator of a `for await` over a call. Leaving the loop early tells the owner. */
export class MessageIterator<Item> implements AsyncIterableIterator<Item, undefined> {
  readonly #source: MessageSource<Item>;
  readonly #owner: Leavable;
  #over = false;

  constructor(source: MessageSource<Item>, owner: Leavable) {
    this.#source = source;
    this.#owner = owner;
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    return this.#over ? LEFT : this.#source.next();
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
