import type { CallContext } from "../../core/context.js";
import type { Metadata } from "../../core/metadata.js";
import type { AnyMethod } from "../../core/method.js";
import type { StatusObject } from "../../core/rpc-error.js";
import type { CallConnection, Compression } from "../../transport/transport.js";

/** A call on its way out, as a {@link ClientInterceptor} sees it. What is set before `next()` holds for the call. */
export interface OutgoingCall {
  /** The method that is called. */
  readonly method: AnyMethod;
  /** The request headers; the interceptor may change them. */
  readonly metadata: Metadata;
  /** Milliseconds until the deadline; Infinity without one. Setting it moves the deadline, also for the interceptors themselves. */
  timeoutMs: number;
  /** The compression of what is sent. */
  compression: Compression;
  /** The values of this call: the caller's, where it gave a context. */
  readonly context: CallContext;
  /**
   * Aborts when the call is over: cancelled, past its deadline, or ended by the server. Its reason is the RpcError that the call ended
   * with. Pass it to whatever the interceptor waits for.
   */
  readonly signal: AbortSignal;
  /** Whether the response that was read last came compressed; for a `received` hook. Undefined where that is not known. */
  readonly compressed: boolean | undefined;
  /** Milliseconds since the call was made. */
  readonly elapsedMs: number;
  /** How many messages the caller sent, and how many came back, read or not. */
  readonly messages: { readonly sent: number; readonly received: number };
  /** `address:port` of the server, or "unknown" as long as there is no connection. */
  readonly peer: string;
  /** The server's address, certificate and TLS state; undefined as long as there is no connection. */
  readonly connection: CallConnection | undefined;
  /** The target of the channel, and whether it uses TLS; undefined where the channel does not know. */
  readonly origin: { readonly authority: string; readonly secure: boolean } | undefined;
}

/** What an interceptor does with messages and headers, given to `next`. What a function throws ends the call. */
export interface ClientMessageHooks {
  /** Sees each message before it is encoded; what it returns is sent instead, and `undefined` leaves it as it is. */
  readonly sent?: ((message: unknown) => unknown) | undefined;
  /** Sees each message once it is decoded; what it returns is delivered instead, and `undefined` leaves it as it is. */
  readonly received?: ((message: unknown) => unknown) | undefined;
  /** Sees the response headers. */
  readonly header?: ((header: Metadata) => void) | undefined;
}

/** Lets the call go on, once. Resolves with how it ended: the code, the text and the trailers. Never rejects. */
export type ClientNext = (hooks?: ClientMessageHooks) => Promise<StatusObject>;

/** A response from the interceptor itself, for methods with one response. */
export interface ClientAnswer {
  /** The one response of the call: a message, as the caller is to get it. */
  readonly response: unknown;
}

/**
 * Stands around calls of every kind. The call has begun for its caller; its headers leave when all interceptors have called
 * `next()`, and what is sent before that waits. It may change what the call says, refuse it (by throwing an RpcError before
 * `next()`), answer it (by returning `{ response }`, without `next()`), see or replace its messages, and see how it ended.
 * What it throws after `next()` becomes the call's status instead of the server's.
 *
 * Interceptors of a channel are given to `connect`, those of one call in its options, which stand around the channel's. The
 * first of a list is the outermost: first with what is sent, last with what comes back.
 *
 * @example
 * ```ts
 * const withToken: ClientInterceptor = async (call, next) => {
 *   call.metadata.set("authorization", `Bearer ${await tokens.get()}`);
 *   const { code } = await next();
 *   log(call.method.path, code, call.elapsedMs);
 * };
 * ```
 */
export type ClientInterceptor = (call: OutgoingCall, next: ClientNext) => Promise<void | ClientAnswer>;
