import { type Abortable, unwatchSignal, watchSignal } from "./abort-registry.js";
import type { CallOptions } from "./call-options.js";

/** The signals that cancel a call: its caller's own, and that of the server's call that it belongs to. */
export type CallerSignals = Pick<CallOptions, "signal" | "parent">;

/** The one that has aborted before the call was made, where one has. */
export function abortedSignal({ signal, parent }: CallerSignals): AbortSignal | undefined {
  if (signal?.aborted === true) return signal;
  return parent?.signal.aborted === true ? parent.signal : undefined;
}

/** Tells `call` when one of them aborts; none has. */
export function watchCaller({ signal, parent }: CallerSignals, call: Abortable): void {
  if (signal !== undefined) watchSignal(signal, call);
  if (parent !== undefined) watchSignal(parent.signal, call);
}

/** Stops telling `call`. */
export function unwatchCaller({ signal, parent }: CallerSignals, call: Abortable): void {
  if (signal !== undefined) unwatchSignal(signal, call);
  if (parent !== undefined) unwatchSignal(parent.signal, call);
}
