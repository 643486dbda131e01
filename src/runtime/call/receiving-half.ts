import { Deferred, rejected } from "../core/deferred.js";
import { RpcError } from "../core/rpc-error.js";
import type { ReceivedMessages } from "../transport/transport.js";
import { NO_MESSAGES } from "./no-messages.js";

/** Whose messages are received. */
export interface ReceivingOwner {
  /** What came is no message, or one past the limit: ends the call. */
  receiveFailed(error: RpcError): void;
  /** Nothing waits any more: from here on it is the peer that is silent. */
  caughtUp(): void;
}

/** What a taker asked for; it decides the shape of the answer. */
const RECV = 0;
const NEXT = 1;
const BATCH = 2;
type Want = typeof RECV | typeof NEXT | typeof BATCH;

/** The most messages in a batch: what waits as bytes is decoded all at once. */
const MAX_BATCH = 4096;

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
 * The receiving half of a call with many messages. They stay with the transport, as bytes, until somebody asks; each goes to
 * one taker, in order of asking. Where a message waits, an asker gets a promise that is settled already.
 */
export class ReceivingHalf<T> {
  readonly #owner: ReceivingOwner;
  #source: ReceivedMessages<T> = NO_MESSAGES;
  #takers: Taker[] = [];
  /** How it ends once nothing waits: by an error, or `true` for a true end. */
  #end: (() => unknown) | true | undefined;

  constructor(owner: ReceivingOwner) {
    this.#owner = owner;
  }

  /** Where the messages are. */
  set source(source: ReceivedMessages<T>) {
    this.#source = source;
  }

  /** True while messages wait: the reader is behind, not the peer. */
  get hasMessages(): boolean {
    return this.#source.waiting > 0;
  }

  /** Messages arrived: those who wait get theirs. */
  onReadable(): void {
    while (this.#takers.length > 0 && this.#source.waiting > 0) {
      const taker = this.#takers.shift() as Taker; // length was checked
      try {
        taker.resolve(this.#answer(taker.want));
      } catch (error) {
        taker.reject(this.#failed(error));
      }
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
  drop(): void {
    this.#source.drop();
  }

  /** The next message; `undefined` at the end. */
  recv(): Promise<T | undefined> {
    return this.#ask<T | undefined>(RECV);
  }

  /** As {@link recv}, for iterators. */
  next(): Promise<IteratorResult<T, undefined>> {
    return this.#ask<IteratorResult<T, undefined>>(NEXT);
  }

  /** All that has arrived, up to a bound. */
  nextBatch(): Promise<IteratorResult<T[], undefined>> {
    return this.#ask<IteratorResult<T[], undefined>>(BATCH);
  }

  #ask<R>(want: Want): Promise<R> {
    if (this.#source.waiting > 0) {
      try {
        return Promise.resolve(this.#answer(want) as R); // what `want` stands for is R
      } catch (error) {
        return rejected(this.#failed(error));
      }
    }
    if (this.#end === true) return (want === RECV ? NOTHING : Promise.resolve(DONE)) as Promise<R>; // as above
    if (this.#end !== undefined) return rejected(this.#end());
    const taker = new Taker(want);
    this.#takers.push(taker);
    return taker.promise as Promise<R>; // as above
  }

  /** Takes what is there. Throws where it is no message. */
  #answer(want: Want): unknown {
    const source = this.#source;
    if (want === BATCH) {
      const value = this.#batch(source);
      if (source.waiting === 0) this.#owner.caughtUp();
      return { done: false, value };
    }
    const value = source.next();
    if (source.waiting === 0) this.#owner.caughtUp();
    return want === NEXT ? { done: false, value } : value;
  }

  #batch(source: ReceivedMessages<T>): T[] {
    const batch: T[] = [];
    while (source.waiting > 0 && batch.length < MAX_BATCH) {
      try {
        batch.push(source.next());
      } catch (error) {
        const failure = this.#failed(error);
        if (batch.length === 0) throw failure;
        return batch; // the end follows
      }
    }
    return batch;
  }

  /** What came is no message: the call ends, unless it has, and so does the reading. Returns the error for who asked. */
  #failed(error: unknown): unknown {
    if (!(error instanceof RpcError)) return error;
    this.#owner.receiveFailed(error);
    // A call that had ended with OK keeps its status; its reader still must not see a clean end.
    if (this.#end === true || this.#end === undefined) this.#end = () => error;
    return this.#end();
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
