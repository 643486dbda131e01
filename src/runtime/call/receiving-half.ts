import { Deferred, rejected } from "../core/deferred.js";
import { RpcError } from "../core/rpc-error.js";
import type { ReceivedMessages } from "../transport/transport.js";
import { NO_MESSAGES } from "../wire/no-messages.js";
import type { MessageSource } from "./message-iterator.js";

/** Whose messages are received. */
export interface ReceivingOwner {
  /** What came is no message, or one past the limit: ends the call. */
  receiveFailed(error: RpcError): void;
  /** All received messages are read: from now on, silence is the peer's. */
  caughtUp(): void;
}

/** What a reader asked for: a message, an iterator result, or a batch. */
const RECV = 0;
const NEXT = 1;
const BATCH = 2;
type Want = typeof RECV | typeof NEXT | typeof BATCH;

/** The most messages in a batch: what waits as bytes is decoded all at once. */
const MAX_BATCH = 4096;

/** So many messages, and bytes of them, are decoded ahead of who asks: a loop decodes faster than a turn. */
const MAX_AHEAD = 32;
const MAX_AHEAD_BYTES = 16 * 1024;

/** Somebody who asked while nothing was there. */
class Taker {
  readonly want: Want;
  readonly answer = new Deferred<unknown>();
  /** Who asked after them. */
  next: Taker | undefined;

  constructor(want: Want) {
    this.want = want;
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };
const NOTHING = Promise.resolve(undefined);
/** Shared by all that have decoded nothing ahead; never modified. A stream that waits keeps no array, and none of the messages it gave away. */
const NONE_AHEAD: never[] = [];

/**
 * The receiving half of a call with many messages. They stay with the transport, as bytes, until somebody asks; each goes to
 * one reader, in the order in which they asked. Where a message waits, `recv` returns a settled promise.
 */
export class ReceivingHalf<T> {
  readonly #owner: ReceivingOwner;
  #source: ReceivedMessages<T> = NO_MESSAGES;
  #firstTaker: Taker | undefined;
  #lastTaker: Taker | undefined;
  /** Messages that are decoded already, from `#aheadAt` on. */
  #ahead: T[] = NONE_AHEAD;
  #aheadAt = 0;
  /** Whether the first of those came compressed, as all did but perhaps the last; and whether the last did. */
  #compressed: boolean | undefined;
  #lastCompressed: boolean | undefined;
  /** What was found behind them instead of a message. */
  #fault: { readonly error: unknown } | undefined;
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
    return this.#aheadAt < this.#ahead.length || this.#fault !== undefined || this.#source.waiting > 0;
  }

  /** Whether the message that somebody got last came compressed; undefined where that is not known. */
  get compressed(): boolean | undefined {
    return this.#aheadAt === this.#ahead.length ? this.#lastCompressed : this.#compressed;
  }

  /** Messages arrived: pending reads get theirs. */
  onReadable(): void {
    for (let taker = this.#firstTaker; taker !== undefined && this.hasMessages; taker = this.#firstTaker) {
      this.#firstTaker = taker.next;
      if (taker.next === undefined) this.#lastTaker = undefined;
      try {
        taker.answer.resolve(this.#answer(taker.want));
      } catch (error) {
        taker.answer.reject(this.#failed(error));
      }
    }
  }

  /** The stream ended with OK: messages that wait are still delivered. */
  end(): void {
    this.#finish(true);
  }

  /**
   * The call ended with an error: messages that wait are delivered before it (P3).
   * @param error Makes the error when somebody asks for a message that will not come.
   */
  fail(error: () => unknown): void {
    this.#finish(error);
  }

  /** Drops what waits: nobody will read it. */
  drop(): void {
    this.#forgetAhead();
    this.#fault = undefined;
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

  /** The batches, for iterators. */
  get batches(): MessageSource<T[]> {
    return { next: () => this.nextBatch() };
  }

  #ask<R>(want: Want): Promise<R> {
    if (this.hasMessages) {
      try {
        return Promise.resolve(this.#answer(want) as R); // what `want` stands for is R
      } catch (error) {
        return rejected(this.#failed(error));
      }
    }
    if (this.#end === true) return (want === RECV ? NOTHING : Promise.resolve(DONE)) as Promise<R>; // as above
    if (this.#end !== undefined) return rejected(this.#end());
    const taker = new Taker(want);
    if (this.#lastTaker === undefined) this.#firstTaker = taker;
    else this.#lastTaker.next = taker;
    this.#lastTaker = taker;
    return taker.answer.promise as Promise<R>; // as above
  }

  /** Takes what is there. Throws where it is no message. */
  #answer(want: Want): unknown {
    const value = want === BATCH ? this.#batch() : this.#one();
    if (!this.hasMessages) this.#owner.caughtUp();
    return want === RECV ? value : { done: false, value };
  }

  #one(): T {
    if (this.#aheadAt === this.#ahead.length) return this.#decode();
    const message = this.#ahead[this.#aheadAt++] as T; // the index was checked
    if (this.#aheadAt === this.#ahead.length) this.#forgetAhead();
    return message;
  }

  /** Decodes a message, and further ones. Throws where the first is none. */
  #decode(): T {
    if (this.#fault !== undefined) this.#throwFault(this.#fault);
    const source = this.#source;
    const first = source.next();
    const { compressed, mayBeCompressed } = source;
    let last = compressed;
    let bytes = source.lastSize ?? MAX_AHEAD_BYTES;
    let ahead: T[] | undefined;
    try {
      while (source.waiting > 0 && bytes < MAX_AHEAD_BYTES && (ahead === undefined || ahead.length < MAX_AHEAD)) {
        const message = source.next();
        bytes += source.lastSize ?? MAX_AHEAD_BYTES;
        if (ahead === undefined) ahead = [message];
        else ahead.push(message);
        if (mayBeCompressed !== true) continue;
        last = source.compressed;
        if (last !== compressed) break;
      }
    } catch (error) {
      this.#fault = { error };
    }
    this.#compressed = compressed;
    this.#lastCompressed = last;
    if (ahead !== undefined) this.#ahead = ahead;
    return first;
  }

  #forgetAhead(): void {
    this.#ahead = NONE_AHEAD;
    this.#aheadAt = 0;
  }

  #throwFault({ error }: { readonly error: unknown }): never {
    this.#fault = undefined;
    throw error;
  }

  #batch(): T[] {
    const ahead = this.#ahead;
    let count = ahead.length - this.#aheadAt;
    if (count === 0 && this.#fault !== undefined) this.#throwFault(this.#fault);
    const source = this.#source;
    const most = this.#fault === undefined ? Math.min(count + source.waiting, MAX_BATCH) : count;
    // Made with its length: an array of some thousand messages would be copied several times while it grows.
    const batch = new Array<T>(most);
    for (let i = 0; i < count; i++) batch[i] = ahead[this.#aheadAt + i] as T; // the index is below the length
    this.#forgetAhead();
    try {
      for (; count < most && source.waiting > 0; count++) batch[count] = source.next();
      this.#lastCompressed = source.compressed;
    } catch (error) {
      if (count === 0) throw error;
      this.#fault = { error }; // the end follows
    }
    if (count < most) batch.length = count;
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
    const first = this.#firstTaker;
    this.#firstTaker = this.#lastTaker = undefined;
    for (let taker = first; taker !== undefined; taker = taker.next) {
      if (end !== true) taker.answer.reject(end());
      else taker.answer.resolve(taker.want === RECV ? undefined : DONE);
    }
  }
}
