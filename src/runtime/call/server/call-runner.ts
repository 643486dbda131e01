import type { ServerCall } from "./types.js";

/** Runs interceptors and handler of a call so that it can be asked for which call that is. */
export type CallRunner = (call: ServerCall, run: () => void) => void;

/** Undefined until somebody wants to know: nothing is kept then, and nothing costs. */
export let callRunner: CallRunner | undefined;

/** Called by `gen-stubs-runtime/current-call` when it is loaded. */
export function setCallRunner(given: CallRunner): void {
  callRunner = given;
}
