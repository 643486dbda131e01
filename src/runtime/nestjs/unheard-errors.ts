import { config } from "rxjs";
import { endedRequests } from "./request-stream.js";

/**
 * A client that cancels must not end the process. RxJS throws an error that no subscriber handles into the event loop, and
 * Nest's guide shows handlers that subscribe to their requests without an error callback: Nest's own transport completes such a
 * stream as if all of it had come. Here it fails, and where nobody listens to that, nothing happens. Every other error goes the
 * way it went: a handler of `config.onUnhandledError` that is set before or after this has its place.
 */
export function tolerateUnheardEnds(): void {
  config.onUnhandledError ??= (error: unknown): void => {
    if (!endedRequests(error)) throw error;
  };
}
