import type { MessageQueue } from "../wire/message-queue.js";

/** Hears that an iteration was left before its end. */
export interface Leavable {
  /** `break`, `return` or `throw` out of a `for await`. */
  left(): void;
}

const LEFT: Promise<IteratorReturnResult<undefined>> = Promise.resolve({ done: true, value: undefined });

/** What `for await` over a reader runs on. */
export class MessageIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly #queue: MessageQueue<T>;
  readonly #owner: Leavable;
  #over = false;

  constructor(queue: MessageQueue<T>, owner: Leavable) {
    this.#queue = queue;
    this.#owner = owner;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.#over ? LEFT : this.#queue.next();
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#over = true;
    this.#owner.left();
    return LEFT;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** The same, a batch at a time. */
export class BatchIterator<T> implements AsyncIterableIterator<T[], undefined> {
  readonly #queue: MessageQueue<T>;
  readonly #owner: Leavable;
  #over = false;

  constructor(queue: MessageQueue<T>, owner: Leavable) {
    this.#queue = queue;
    this.#owner = owner;
  }

  next(): Promise<IteratorResult<T[], undefined>> {
    return this.#over ? LEFT : this.#queue.nextBatch();
  }

  return(): Promise<IteratorResult<T[], undefined>> {
    this.#over = true;
    this.#owner.left();
    return LEFT;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
