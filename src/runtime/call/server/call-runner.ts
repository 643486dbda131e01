import type { ServerCall } from "./types.js";

/** Runs interceptors and handler of a call so that it can be asked for which call that is. */
export type CallRunner = (call: ServerCall, run: () => void) => void;

let runner: CallRunner | undefined;

/** Called by `gen-stubs-runtime/current-call` when it is loaded: without it nothing is kept, and nothing costs. */
export function setCallRunner(given: CallRunner): void {
  runner = given;
}

/** Runs what belongs to a call. */
export function runFor(call: ServerCall, run: () => void): void {
  if (runner === undefined) run();
  else runner(call, run);
}
