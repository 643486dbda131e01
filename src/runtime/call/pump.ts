import { Deferred, ignore } from "../core/deferred.js";

/** What every send answers while there is room. Shared, so that it need not be awaited. */
export const ACCEPTED: Promise<boolean> = Promise.resolve(true);

/** Where a pump sends. */
export interface Sender<Init> {
  send(message: Init): Promise<boolean>;
}

/**
 * Sends what an iterable yields, each message when there is room for it. Where the call ends first it does not wait for
 * the next message: it settles at once and closes the iterator, so that a generator's `finally` runs.
 */
export class Pump<Init> {
  readonly #sender: Sender<Init>;
  readonly #messages: Iterable<Init> | AsyncIterable<Init>;
  readonly #done = new Deferred<boolean>();
  #iterator: Iterator<Init> | AsyncIterator<Init> | undefined;
  #over = false;

  constructor(sender: Sender<Init>, messages: Iterable<Init> | AsyncIterable<Init>) {
    this.#sender = sender;
    this.#messages = messages;
  }

  /** Runs it; `false` where the call ended with OK before all was sent. */
  run(onDone: () => void): Promise<boolean> {
    this.#loop().then(
      (all) => this.#settle(onDone, all, undefined),
      (error: unknown) => this.#settle(onDone, false, { error }),
    );
    return this.#done.promise;
  }

  /** The call is over: with OK, or with `error`. */
  stop(error: Error | undefined): void {
    if (this.#over) return;
    this.#over = true;
    if (error === undefined) this.#done.resolve(false);
    else this.#done.reject(error);
    this.#close();
  }

  async #loop(): Promise<boolean> {
    const messages = this.#messages;
    this.#iterator = Symbol.asyncIterator in messages ? messages[Symbol.asyncIterator]() : messages[Symbol.iterator]();
    const isAsync = Symbol.asyncIterator in messages;
    for (;;) {
      const next = this.#iterator.next();
      const result = isAsync ? await next : (next as IteratorResult<Init>); // a sync iterator's result is not a promise
      if (this.#over || result.done === true) return true;
      const sent = this.#sender.send(result.value);
      if (sent !== ACCEPTED && !(await sent)) {
        this.#close();
        return false;
      }
      if (this.#over) return true;
    }
  }

  #settle(onDone: () => void, all: boolean, failure: { error: unknown } | undefined): void {
    onDone();
    if (this.#over) return;
    this.#over = true;
    if (failure === undefined) this.#done.resolve(all);
    else this.#done.reject(failure.error);
  }

  #close(): void {
    try {
      // A generator that is waiting runs its `finally` when what it waits for comes; nobody waits for that.
      Promise.resolve(this.#iterator?.return?.()).catch(ignore);
    } catch {
      // The end of the call is what counts; a failing `return` has nobody to hear it.
    }
  }
}
