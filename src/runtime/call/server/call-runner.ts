import type { ServerCall } from "./types.js";

/** Runs the interceptors and the handler of a call so that code in them can ask for the current call. */
export type CallRunner = (call: ServerCall, run: () => void) => void;

/** Undefined until `gen-stubs-runtime/current-call` is loaded: without it, calls cost nothing more. */
export let callRunner: CallRunner | undefined;

/** Called by `gen-stubs-runtime/current-call` when it is loaded. */
export function setCallRunner(given: CallRunner): void {
  callRunner = given;
}

/** Runs it as part of the call, where somebody may ask for the current call. */
export function runAsCurrent(call: ServerCall, run: () => void): void {
  if (callRunner === undefined) run();
  else callRunner(call, run);
}
