import { Deferred } from "../../core/deferred.js";
import type { CalledMethod, Method } from "../../core/method.js";
import type { Channel } from "../../transport/transport.js";
import { type CallOptions, NO_OPTIONS } from "./call-options.js";
import { SingleResponse } from "./single-response.js";

/**
 * Calls a unary method. Rejects with an RpcError; it is made here, in the function that the caller awaits, so that its stack
 * names the caller, and a call that succeeds pays nothing for that.
 */
export async function callUnary<In, InInit, Out, OutInit>(
  channel: Channel,
  method: Method<"unary", In, InInit, Out, OutInit>,
  request: InInit,
  options: CallOptions = NO_OPTIONS,
): Promise<Out> {
  const call = new UnaryCall<InInit, Out>(method, options);
  call.core.begin(channel);
  call.core.request(request);
  await call.over;
  if (call.core.failed) throw call.core.error();
  return call.response;
}

/** One request, one response. */
class UnaryCall<InInit, Out> extends SingleResponse<InInit, Out> {
  readonly #over = new Deferred<void>();

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
