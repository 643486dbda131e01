import { Deferred } from "../core/deferred.js";
import type { ConnectivityState, WatchStateOptions } from "./transport.js";

/** The watchers of a channel's state. They are told of each change; without watchers it costs nothing. */
export class StateWatchers {
  readonly #wakers = new Set<() => void>();

  /** Call it when the state has changed. */
  changed(): void {
    for (const wake of this.#wakers) wake();
  }

  /**
   * The state now, then each further state; a reader that is slow is told the latest alone. Ends after "shutdown", and when the
   * signal aborts.
   */
  watch(current: () => ConnectivityState, options: WatchStateOptions = {}): AsyncIterableIterator<ConnectivityState> {
    const { signal } = options;
    const wakers = this.#wakers;
    let told: ConnectivityState | undefined;
    let over = false;
    let waiting: Deferred<void> | undefined;
    const wake = (): void => waiting?.resolve();
    const end = (): void => {
      over = true;
      wakers.delete(wake);
      signal?.removeEventListener("abort", end);
      wake();
    };
    signal?.addEventListener("abort", end, { once: true });
    if (signal?.aborted === true) end();
    return {
      async next() {
        while (!over) {
          const state = current();
          if (state !== told) {
            told = state;
            if (state === "shutdown") end();
            return { done: false, value: state };
          }
          wakers.add(wake);
          waiting ??= new Deferred();
          await waiting.promise;
          waiting = undefined;
        }
        return { done: true, value: undefined };
      },
      async return() {
        end();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
