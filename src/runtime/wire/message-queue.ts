import { Deferred, rejected } from "../core/deferred.js";

/** What a queue tells its source. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/** Batches that may wait before the source is paused (P9): a batch is what one read brought. */
const PAUSE_AT = 4;
/** Batches left at which a paused source is resumed, so that it refills while the last one is read. */
const RESUME_AT = 1;

/** What a taker asked for; it decides the shape of the answer. */
const RECV = 0;
const NEXT = 1;
const BATCH = 2;
type Want = typeof RECV | typeof NEXT | typeof BATCH;

/** Somebody who asked while nothing was there. */
class Taker extends Deferred<unknown> {
  readonly want: Want;

  constructor(want: Want) {
    super();
    this.want = want;
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };
const NOTHING = Promise.resolve(undefined);

/**
 * The messages of one direction of a call: batches in, messages (or batches) out. Each message goes to one taker, in
 * order of asking. Where a message waits, an asker gets a promise that is settled already.
 */
export class MessageQueue<T> {
  #source: Flow | undefined;
  #onEmpty: (() => void) | undefined;
  /** Being read, from `#index` on. */
  #batch: readonly T[] = [];
  #index = 0;
  /** Behind `#batch`. */
  #waiting: T[][] = [];
  #takers: Taker[] = [];
  #paused = false;
  /** How it ends once empty: by an error, or `true` for a true end. */
  #end: (() => unknown) | true | undefined;

  /** Who fills it, and is stopped where nobody reads. */
  set source(source: Flow) {
    this.#source = source;
  }

  /** Who wants to know that the reader has caught up. */
  set onEmpty(listener: () => void) {
    this.#onEmpty = listener;
  }

  /** True while messages wait: the reader is behind, not the peer. */
  get hasMessages(): boolean {
    return this.#index < this.#batch.length;
  }

  /** Adds what one read brought. Does nothing after the end. */
  push(batch: T[]): void {
    if (this.#end !== undefined) return;
    let start = 0;
    while (this.#takers.length > 0 && start < batch.length) {
      const taker = this.#takers.shift() as Taker; // length was checked
      if (taker.want === BATCH) {
        taker.resolve({ done: false, value: start === 0 ? batch : batch.slice(start) });
        return;
      }
      const value = batch[start++];
      taker.resolve(taker.want === NEXT ? { done: false, value } : value);
    }
    if (start === batch.length) return;
    if (!this.hasMessages) {
      this.#batch = batch;
      this.#index = start;
      return;
    }
    // Messages wait, so nobody did: `start` is 0.
    this.#waiting.push(batch);
    if (!this.#paused && this.#waiting.length + 1 >= PAUSE_AT) {
      this.#paused = true;
      this.#source?.pause();
    }
  }

  /** The true end: what waits is still delivered. */
  end(): void {
    this.#finish(true);
  }

  /**
   * The end by an error: what waits is still delivered before it (P3).
   * @param error Makes the error when somebody asks for a message that will not come.
   */
  fail(error: () => unknown): void {
    this.#finish(error);
  }

  /** Drops what waits: nobody will read it. */
  clear(): void {
    this.#batch = [];
    this.#index = 0;
    this.#waiting = [];
  }

  /** The next message; `undefined` at the end. */
  recv(): Promise<T | undefined> {
    if (this.hasMessages) return Promise.resolve(this.#take());
    if (this.#end === true) return NOTHING;
    return this.#wait<T | undefined>(RECV);
  }

  /** As {@link recv}, for iterators. */
  next(): Promise<IteratorResult<T, undefined>> {
    if (this.hasMessages) return Promise.resolve({ done: false, value: this.#take() });
    return this.#wait<IteratorResult<T, undefined>>(NEXT);
  }

  /** All that is left of the batch at the front. */
  nextBatch(): Promise<IteratorResult<T[], undefined>> {
    if (!this.hasMessages) return this.#wait<IteratorResult<T[], undefined>>(BATCH);
    const value = this.#batch.slice(this.#index);
    this.#advance();
    return Promise.resolve({ done: false, value });
  }

  #take(): T {
    const message = this.#batch[this.#index++] as T; // callers checked `hasMessages`
    if (this.#index === this.#batch.length) this.#advance();
    return message;
  }

  /** Goes to the next batch, if there is one, and lets the source go on where enough was read. */
  #advance(): void {
    this.#index = 0;
    const next = this.#waiting.shift();
    this.#batch = next ?? [];
    if (next === undefined) this.#onEmpty?.();
    if (this.#paused && this.#waiting.length < RESUME_AT) {
      this.#paused = false;
      if (this.#end === undefined) this.#source?.resume();
    }
  }

  #wait<R>(want: Want): Promise<R> {
    if (this.#end !== undefined) {
      return this.#end === true ? Promise.resolve(DONE as R) : rejected(this.#end()); // RECV at a true end never gets here
    }
    const taker = new Taker(want);
    this.#takers.push(taker);
    return taker.promise as Promise<R>; // it answers with what `want` stands for, which is R
  }

  #finish(end: (() => unknown) | true): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    const takers = this.#takers;
    this.#takers = [];
    for (const taker of takers) {
      if (end !== true) taker.reject(end());
      else taker.resolve(taker.want === RECV ? undefined : DONE);
    }
  }
}
