/** Is told when a signal aborts. */
export interface Abortable {
  onAbort(reason: unknown): void;
}

/**
 * One listener for each AbortSignal, however many calls it serves: a signal shared by a thousand calls gets no
 * listener-leak warning (P10), and leaving it costs the same for the first and the last.
 */
const registry = new WeakMap<AbortSignal, Set<Abortable>>();

/** Tells `call` when `signal` aborts. It must not have aborted yet. */
export function watchSignal(signal: AbortSignal, call: Abortable): void {
  let calls = registry.get(signal);
  if (calls === undefined) {
    calls = new Set();
    registry.set(signal, calls);
  }
  if (calls.size === 0) signal.addEventListener("abort", onAbort, { once: true });
  calls.add(call);
}

/** Stops telling `call` about `signal`. */
export function unwatchSignal(signal: AbortSignal, call: Abortable): void {
  const calls = registry.get(signal);
  if (calls?.delete(call) === true && calls.size === 0) signal.removeEventListener("abort", onAbort);
}

function onAbort(this: AbortSignal): void {
  const calls = registry.get(this);
  registry.delete(this);
  if (calls !== undefined) for (const call of calls) call.onAbort(this.reason);
}
