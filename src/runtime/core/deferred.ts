/** A promise with its `resolve` and `reject`. Rejecting it never makes an unhandled rejection (P10). */
export class Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;

  constructor() {
    this.promise = new Promise<T>(capture);
    this.resolve = captured.resolve;
    this.#reject = captured.reject;
    // What is captured keeps the promise, and so the message that it is given.
    captured.resolve = captured.reject = ignore;
  }

  reject(error: unknown): void {
    this.promise.catch(ignore);
    this.#reject(error);
  }
}

// One executor for all: the constructor runs it at once, so that nothing needs a closure of its own.
const captured: { resolve: (value: unknown) => void; reject: (error: unknown) => void } = {
  resolve: ignore,
  reject: ignore,
};
function capture(resolve: (value: never) => void, reject: (error: unknown) => void): void {
  captured.resolve = resolve as (value: unknown) => void; // each Deferred gives it its own type again
  captured.reject = reject;
}

/** A rejected promise that may stay unhandled (P10). Awaiting it throws as usual. */
export function rejected<T>(error: unknown): Promise<T> {
  const promise = Promise.reject<T>(error);
  promise.catch(ignore);
  return promise;
}

/** Does nothing. */
export function ignore(): void {}
