import type { MessageQueue } from "../wire/message-queue.js";

/** Hears that an iteration was left before its end. */
export interface Leavable {
  /** `break`, `return` or `throw` out of a `for await`. */
  left(): void;
}

const LEFT: Promise<IteratorReturnResult<undefined>> = Promise.resolve({ done: true, value: undefined });

/** What both have in common: leaving the loop tells the owner, and ends the iterator. */
abstract class QueueIterator<T, Item> implements AsyncIterableIterator<Item, undefined> {
  protected readonly queue: MessageQueue<T>;
  protected over = false;
  readonly #owner: Leavable;

  constructor(queue: MessageQueue<T>, owner: Leavable) {
    this.queue = queue;
    this.#owner = owner;
  }

  abstract next(): Promise<IteratorResult<Item, undefined>>;

  return(): Promise<IteratorResult<Item, undefined>> {
    this.over = true;
    this.#owner.left();
    return LEFT;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** What `for await` over a reader runs on. */
export class MessageIterator<T> extends QueueIterator<T, T> {
  next(): Promise<IteratorResult<T, undefined>> {
    return this.over ? LEFT : this.queue.next();
  }
}

/** The same, a batch at a time. */
export class BatchIterator<T> extends QueueIterator<T, T[]> {
  next(): Promise<IteratorResult<T[], undefined>> {
    return this.over ? LEFT : this.queue.nextBatch();
  }
}
