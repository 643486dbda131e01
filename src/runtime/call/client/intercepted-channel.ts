import { ignore } from "../../core/deferred.js";
import type { CalledMethod } from "../../core/method.js";
import { type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type {
  Channel,
  ChannelStats,
  ClientListener,
  ClientStream,
  ConnectivityState,
  StartOptions,
  WatchStateOptions,
} from "../../transport/transport.js";
import { InterceptedStream, statusOfInterceptor } from "./intercepted-stream.js";
import type { ClientInterceptor, ClientMessageHooks, OutgoingCall } from "./interceptor.js";
import { OutgoingCallObject } from "./outgoing-call-object.js";

/** The channel with these interceptors around every call; the first is the outermost. */
export function withInterceptors(channel: Channel, interceptors: readonly ClientInterceptor[]): Channel {
  return interceptors.length === 0 ? channel : new InterceptedChannel(channel, interceptors);
}

/** A channel whose calls go through interceptors. */
class InterceptedChannel implements Channel {
  readonly #channel: Channel;
  readonly #interceptors: readonly ClientInterceptor[];

  constructor(channel: Channel, interceptors: readonly ClientInterceptor[]) {
    this.#channel = channel;
    this.#interceptors = interceptors;
  }

  get state(): ConnectivityState {
    return this.#channel.state;
  }

  get origin(): Channel["origin"] {
    return this.#channel.origin;
  }

  get stats(): (() => ChannelStats) | undefined {
    return this.#channel.stats?.bind(this.#channel);
  }

  start<Out, InInit>(
    method: CalledMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out> {
    const stream = new InterceptedStream(this.#channel, method, options, listener);
    const call = new OutgoingCallObject(stream);
    runFrom(0, this.#interceptors, call, stream).then((status) => stream.settle(status), ignore); // it never rejects
    return stream;
  }

  connect(): void {
    this.#channel.connect();
  }

  watchState(options?: WatchStateOptions): AsyncIterableIterator<ConnectivityState> {
    return this.#channel.watchState(options);
  }

  resetBackoff(): void {
    this.#channel.resetBackoff();
  }

  close(options?: { graceMs?: number }): Promise<void> {
    return this.#channel.close(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
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
      stream.answer(answer.response);
      return statusObject(Status.OK, "");
    }
    if (outcome !== undefined) return await outcome;
    return statusObject(Status.INTERNAL, "an interceptor neither called next() nor answered");
  } catch (error) {
    return statusOfInterceptor(error);
  }
}
