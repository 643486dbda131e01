/** A promise with its `resolve` and `reject`. Rejecting it never makes an unhandled rejection (P10). */
export class Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;

  constructor() {
    let resolve: (value: T) => void = ignore;
    let reject: (error: unknown) => void = ignore;
    this.promise = new Promise<T>((resolvePromise, rejectPromise) => {
      resolve = resolvePromise;
      reject = rejectPromise;
    });
    this.resolve = resolve;
    this.#reject = reject;
  }

  reject(error: unknown): void {
    this.promise.catch(ignore);
    this.#reject(error);
  }
}

/** A rejected promise that may stay unhandled (P10). Awaiting it throws as usual. */
export function rejected<T>(error: unknown): Promise<T> {
  const promise = Promise.reject<T>(error);
  promise.catch(ignore);
  return promise;
}

/** Does nothing. */
export function ignore(): void {}
