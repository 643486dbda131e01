import type { ServerCall } from "./types.js";

/** What an interceptor does with messages, given to `next`. What a function throws ends the call. */
export interface ServerMessageHooks {
  /** Sees each request once it is decoded; what it returns is delivered instead, and `undefined` leaves it as it is. */
  readonly received?: ((message: unknown) => unknown) | undefined;
  /** Sees each response before it is encoded; what it returns is sent instead, and `undefined` leaves it as it is. */
  readonly sent?: ((message: unknown) => unknown) | undefined;
}

/**
 * Lets the call go on to its handler, once. Resolves when the handler is done; rejects with what it threw, or with the
 * RpcError with which the call ended (a cancel, a deadline).
 */
export type ServerNext = (hooks?: ServerMessageHooks) => Promise<void>;

/**
 * Stands around incoming calls of every kind. It runs before any request message is read. It may refuse the call (by
 * throwing an RpcError before `next()`; the handler never runs), set values in the call's context, see or replace messages,
 * send headers and fill the trailer, and see or replace what the handler threw: what it throws itself becomes the status, and
 * where it swallows the handler's error, the call ends as if there had been none.
 *
 * Interceptors of a server are given to its constructor, those of a service to `add`; the server's stand around the
 * service's, and the first of a list is the outermost.
 *
 * @example
 * ```ts
 * const authenticate: ServerInterceptor = async (call, next) => {
 *   call.context.set(userKey, await verify(call.metadata)); // throws UNAUTHENTICATED
 *   await next();
 * };
 * ```
 */
export type ServerInterceptor = (call: ServerCall, next: ServerNext) => Promise<void>;
