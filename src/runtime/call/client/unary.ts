import { Deferred, ignore } from "../../core/deferred.js";
import type { CalledMethod, Method } from "../../core/method.js";
import type { Channel } from "../../transport/transport.js";
import { type CallOptions, NO_OPTIONS } from "./call-options.js";
import { SingleResponse } from "./single-response.js";

/** Calls a unary method. Rejects with an RpcError. */
export function callUnary<In, InInit, Out, OutInit>(
  channel: Channel,
  method: Method<"unary", In, InInit, Out, OutInit>,
  request: InInit,
  options: CallOptions = NO_OPTIONS,
): Promise<Out> {
  const call = new UnaryCall<InInit, Out>(method, options);
  call.core.begin(channel);
  call.core.request(request);
  call.promise = outcomeOf(call);
  return call.promise;
}

/**
 * An async function so that errors have a useful stack: V8 adds the callers that await it. A
 * successful call costs no more.
 */
async function outcomeOf<InInit, Out>(call: UnaryCall<InInit, Out>): Promise<Out> {
  await call.over;
  if (!call.core.failed) return call.response;
  const error = call.core.error();
  // Nobody has to await the call (P10). Only now: V8 follows a promise to its caller while nothing else listens to it.
  call.promise?.catch(ignore);
  throw error;
}

/** One request, one response. */
class UnaryCall<InInit, Out> extends SingleResponse<InInit, Out> {
  readonly #over = new Deferred<void>();
  /** What the caller has. */
  promise: Promise<Out> | undefined;

  constructor(method: CalledMethod<InInit, Out>, options: CallOptions) {
    super(method, options, undefined);
  }

  /** Resolves when the call has ended, however. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  ended(): void {
    this.#over.resolve();
  }
}
