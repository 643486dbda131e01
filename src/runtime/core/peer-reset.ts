import type { Metadata } from "./metadata.js";
import { type StatusObject, statusObject } from "./rpc-error.js";
import type { status } from "./status.js";

const RESET = Symbol.for("gen-stubs-runtime.peerReset");

/**
 * The status of a call whose stream was reset: its code is mapped from the HTTP/2 error code, and is not a status that the server chose for the
 * call. Servers and proxies that shut down reset unfinished streams with CANCEL.
 */
export function peerResetStatus(code: status, details: string): StatusObject {
  const made = statusObject(code, details);
  Object.defineProperty(made.metadata, RESET, { value: true });
  return made;
}

/** Whether these are the trailers of a {@link peerResetStatus}, of any copy of this package. */
export function isPeerReset(trailer: Metadata): boolean {
  return RESET in trailer;
}
