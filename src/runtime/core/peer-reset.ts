import type { Metadata } from "./metadata.js";
import { type StatusObject, statusObject } from "./rpc-error.js";
import type { status } from "./status.js";

const RESET = Symbol.for("gen-stubs-runtime.peerReset");

/**
 * The status of a call whose stream the server reset: its code is what an HTTP/2 error code stands for, and nobody's word on how the
 * call ended. Servers and proxies that go away reset with CANCEL what they cannot finish.
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
