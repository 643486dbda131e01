import { ignore } from "../../core/deferred.js";
import type { CalledMethod } from "../../core/method.js";
import { type StatusObject, statusObject } from "../../core/rpc-error.js";
import * as Code from "../../core/status-code.js";
import { ForwardingChannel } from "../../transport/forwarding-channel.js";
import type { Channel, ClientListener, ClientStream, StartOptions } from "../../transport/transport.js";
import { checkInterceptors } from "../check-interceptors.js";
import { InterceptedStream } from "./intercepted-stream.js";
import type { ClientInterceptor, ClientMessageHooks, OutgoingCall } from "./interceptor.js";
import { statusOfInterceptor } from "./interceptor-status.js";
import { OutgoingCallObject } from "./outgoing-call-object.js";

/**
 * The channel with these interceptors around every call; the first is the outermost, and all are around those that the channel has
 * already. For channels that take none themselves, and for interceptors of one client: `connect` and its like take them as an
 * option.
 *
 * @example
 * ```ts
 * const weather = new WeatherClient(withInterceptors(channel, [deadlineDefault(5_000)]));
 * ```
 * @throws TypeError for an entry that is not a function
 */
export function withInterceptors(channel: Channel, interceptors: readonly ClientInterceptor[]): Channel {
  checkInterceptors(interceptors);
  return interceptors.length === 0 ? channel : new InterceptedChannel(channel, interceptors);
}

/** A channel whose calls go through interceptors. */
class InterceptedChannel extends ForwardingChannel {
  protected readonly inner: Channel;
  readonly #interceptors: readonly ClientInterceptor[];

  constructor(channel: Channel, interceptors: readonly ClientInterceptor[]) {
    super();
    this.inner = channel;
    this.#interceptors = interceptors;
  }

  start<Out, InInit>(
    method: CalledMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out> {
    const stream = new InterceptedStream(this.inner, method, options, listener);
    const call = new OutgoingCallObject(stream.settings, stream);
    runFrom(0, this.#interceptors, call, stream).then((status) => stream.settle(status), ignore); // it never rejects
    return stream;
  }
}

/** Runs the interceptors from the `index`th on, each around the next; resolves with how the call ended. */
async function runFrom<InInit, Out>(
  index: number,
  interceptors: readonly ClientInterceptor[],
  call: OutgoingCall,
  stream: InterceptedStream<InInit, Out>,
): Promise<StatusObject> {
  const interceptor = interceptors[index];
  if (interceptor === undefined) return await stream.start();
  let outcome: Promise<StatusObject> | undefined;
  const next = (hooks: ClientMessageHooks = {}): Promise<StatusObject> => {
    if (outcome !== undefined) throw new TypeError("next() was called a second time");
    stream.addHooks(hooks);
    outcome = runFrom(index + 1, interceptors, call, stream);
    return outcome;
  };
  try {
    const answer = await interceptor(call, next);
    if (answer?.response !== undefined) {
      if (outcome !== undefined) return fault("an interceptor answered after it had called next()");
      if (/^(server|bidi)_/.test(call.method.kind))
        return fault("an interceptor answered a method that has many responses");
      stream.answer(answer.response);
      return statusObject(Code.OK, "");
    }
    if (outcome !== undefined) return await outcome;
    return fault("an interceptor neither called next() nor answered");
  } catch (error) {
    return statusOfInterceptor(error);
  }
}

function fault(details: string): StatusObject {
  return statusObject(Code.INTERNAL, details);
}
