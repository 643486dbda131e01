import type { ServerCall } from "../call/server/types.js";
import { RpcError, type RpcErrorOptions } from "../core/rpc-error.js";
import type { status } from "../core/status.js";

/** A handler of any kind, as a script is one. */
type Script<Result> = (...args: never[]) => Result;

/** A handler with many responses: sends these, then does what `then` does, or ends with OK. */
export function sends<Init>(messages: Iterable<Init>, next?: Script<unknown>): Script<AsyncIterable<Init>> {
  return async function* (...args) {
    yield* messages;
    const rest = await next?.(...args);
    if (rest !== undefined) yield* rest as AsyncIterable<Init>; // a script's result is messages, or nothing
  };
}

/** A handler that fails with this status. */
export function fails(code: status, details = "", options: RpcErrorOptions = {}): Script<Promise<never>> {
  return async () => {
    throw new RpcError(code, details, options);
  };
}

/** A handler that answers nothing until its call is cancelled or its deadline has passed. */
export function hangs(): Script<Promise<never>> {
  return (...args: unknown[]) => {
    const { signal } = args.at(-1) as ServerCall; // every handler's last argument
    return new Promise<never>((_, reject) => {
      const stop = (): void => reject(signal.reason);
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    });
  };
}

/** A handler that does something else at each call; the last goes on for all further ones. */
export function inTurn<Handler extends Script<unknown>>(...handlers: readonly [Handler, ...Handler[]]): Handler {
  let turn = 0;
  const next = (...args: never[]): unknown => (handlers[Math.min(turn++, handlers.length - 1)] as Handler)(...args);
  return next as Handler; // takes and gives what each of them does
}
