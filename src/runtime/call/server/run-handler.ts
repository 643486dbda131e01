/** Whose handler runs. */
export interface HandlerOwner {
  callHandler(): unknown;
  /** What it returned, or its promise resolved with. */
  handlerReturned(outcome: unknown): void;
  /** What it threw, or its promise rejected with. */
  handlerThrew(error: unknown): void;
}

/** Runs a handler, and tells its owner once how that went, whatever it returned (P20): at once, unless it returned a promise. */
export function runHandler(owner: HandlerOwner): void {
  let outcome: unknown;
  let promise: Promise<unknown> | undefined;
  try {
    outcome = owner.callHandler();
    // One of another library may settle twice, or throw: a real promise around it does neither.
    if (isPromiseLike(outcome)) promise = Promise.resolve(outcome);
  } catch (error) {
    owner.handlerThrew(error);
    return;
  }
  if (promise === undefined) {
    owner.handlerReturned(outcome);
    return;
  }
  promise.then(
    (value) => owner.handlerReturned(value),
    (error: unknown) => owner.handlerThrew(error),
  );
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
