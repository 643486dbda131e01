import { Deferred } from "../core/deferred.js";
import type { MessageRun } from "../transport/transport.js";

/** The result of every send while there is room: one shared promise, compared by identity to skip the `await`. */
export const ACCEPTED: Promise<boolean> = Promise.resolve(true);

/** Where a pump sends its messages, and reports errors of its source. */
export interface PumpOwner<Init> {
  send(message: Init): Promise<boolean>;
  sendRun(run: MessageRun<Init>): Promise<boolean>;
  /** The source threw while the call was open. */
  sourceFailed(error: unknown): void;
  /** The source threw when the call was over: a `finally` that fails, for one. Nobody awaits that. */
  lateFailure(error: unknown): void;
  /** It is done, or was stopped. */
  pumpDone(pump: Pump<Init>): void;
}

/**
 * Sends what an iterable yields, each message when there is room for it. Where the call ends first it does not wait for
 * the next message: it settles at once and closes the iterator, so that a generator's `finally` runs.
 */
export class Pump<Init> {
  readonly #owner: PumpOwner<Init>;
  readonly #messages: Iterable<Init> | AsyncIterable<Init>;
  readonly #done = new Deferred<boolean>();
  #iterator: Iterator<Init> | AsyncIterator<Init> | undefined;
  #over = false;

  constructor(messages: Iterable<Init> | AsyncIterable<Init>, owner: PumpOwner<Init>) {
    this.#messages = messages;
    this.#owner = owner;
  }

  /** Runs it; `false` where the call ended with OK before all was sent. */
  run(): Promise<boolean> {
    this.#loop().then(
      (all) => this.#settle(() => this.#done.resolve(all)),
      (error: unknown) => this.#failed(error),
    );
    return this.#done.promise;
  }

  /** The call is over: with OK, or with `error`. */
  stop(error: Error | undefined): void {
    this.#settle(() => (error === undefined ? this.#done.resolve(false) : this.#done.reject(error)));
    this.#close();
  }

  async #loop(): Promise<boolean> {
    const messages = this.#messages;
    // What an array's iterator would give, without an object for each message.
    const run: MessageRun<Init> | undefined = isPlainArray(messages) ? { messages, at: 0 } : undefined;
    const isAsync = Symbol.asyncIterator in messages;
    if (run === undefined) {
      this.#iterator = isAsync ? messages[Symbol.asyncIterator]() : (messages as Iterable<Init>)[Symbol.iterator](); // no array, as just seen
    }
    for (;;) {
      let sent: Promise<boolean>;
      if (run !== undefined) {
        if (this.#over || run.at >= run.messages.length) return true; // it may grow while it waits
        sent = this.#owner.sendRun(run);
      } else {
        const next = this.#iterator!.next();
        const result = isAsync ? await next : (next as IteratorResult<Init>); // a sync iterator's result is not a promise
        if (this.#over || result.done === true) return true;
        sent = this.#owner.send(result.value);
      }
      if (sent === ACCEPTED) continue;
      let accepted: boolean;
      try {
        accepted = await sent;
      } catch (error) {
        this.#settle(() => this.#done.reject(error));
        accepted = false;
      }
      if (!accepted) {
        this.#close();
        return false;
      }
      if (this.#over) return true;
    }
  }

  #failed(error: unknown): void {
    if (this.#over) {
      this.#owner.lateFailure(error);
      return;
    }
    this.#settle(() => this.#done.reject(error));
    this.#owner.sourceFailed(error);
  }

  #settle(how: () => void): void {
    if (this.#over) return;
    this.#over = true;
    how();
    this.#owner.pumpDone(this);
  }

  /** A generator that awaits something runs its `finally` only when that settles. The pump does not wait for it. */
  #close(): void {
    const late = (error: unknown): void => this.#owner.lateFailure(error);
    try {
      Promise.resolve(this.#iterator?.return?.()).catch(late);
    } catch (error) {
      late(error);
    }
  }
}

/** An array that is iterated as all are. */
function isPlainArray<Init>(messages: Iterable<Init> | AsyncIterable<Init>): messages is readonly Init[] {
  return Array.isArray(messages) && messages[Symbol.iterator] === iterateArray && !(Symbol.asyncIterator in messages);
}

const iterateArray = Array.prototype[Symbol.iterator];
