import type { CalledMethod } from "../../core/method.js";
import { messageOf, statusObject } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import type {
  Channel,
  ClientListener,
  ClientStream,
  ConnectivityState,
  StartOptions,
} from "../../transport/transport.js";
import type { Interceptor } from "./call-options.js";
import { NO_STREAM } from "./no-stream.js";

/** The channel with these interceptors around every call; the first is the outermost. */
export function withInterceptors(channel: Channel, interceptors: readonly Interceptor[]): Channel {
  return interceptors.length === 0 ? channel : new InterceptedChannel(channel, interceptors);
}

/** Starts a call through the interceptors; the first is the outermost. */
export function startThrough<Out, InInit>(
  channel: Channel,
  interceptors: readonly Interceptor[] | undefined,
  method: CalledMethod<InInit, Out>,
  options: StartOptions,
  listener: ClientListener,
): ClientStream<InInit, Out> {
  if (interceptors === undefined || interceptors.length === 0) return channel.start(method, options, listener);
  return intercepted(channel, interceptors)(method, options, listener);
}

/** The `start` of a channel behind interceptors: what they throw, now or later, ends the one call (P20). */
function intercepted(channel: Channel, interceptors: readonly Interceptor[]): Channel["start"] {
  return (method, options, listener) => {
    const call = { stream: NO_STREAM as Pick<ClientStream<never, never>, "cancel">, listener };
    const start: Channel["start"] = (...args) => {
      const [innerMethod, innerOptions, inner] = args;
      const stream = channel.start(innerMethod, innerOptions, guarded(inner, call));
      call.stream = stream;
      return stream;
    };
    const outer = interceptors.reduceRight((next, interceptor) => interceptor(next), start);
    const stream = outer(method, options, spreadable(listener));
    if (typeof stream?.write !== "function") {
      throw new TypeError("an interceptor returned no stream: it must return what next() gives, and not be async");
    }
    return stream;
  };
}

/** The listener with functions of its own, so that `{ ...listener, onStatus() { … } }` keeps the others. */
function spreadable(listener: ClientListener): ClientListener {
  return {
    onHeader: (header) => listener.onHeader(header),
    onReadable: () => listener.onReadable(),
    onDrain: () => listener.onDrain(),
    onStatus: (status) => listener.onStatus(status),
  };
}

interface GuardedCall {
  stream: Pick<ClientStream<never, never>, "cancel">;
  /** The call's own, past all interceptors. */
  readonly listener: ClientListener;
}

/** What an interceptor's listener throws at the transport becomes the call's status. */
function guarded(listener: ClientListener, call: GuardedCall): ClientListener {
  const guard = (run: () => void): void => {
    try {
      run();
    } catch (cause) {
      const details = `an interceptor threw: ${messageOf(cause)}`;
      call.stream.cancel(status.INTERNAL, details);
      call.listener.onStatus(statusObject(status.INTERNAL, details));
    }
  };
  return {
    onHeader: (header) => guard(() => listener.onHeader(header)),
    onReadable: () => guard(() => listener.onReadable()),
    onDrain: () => guard(() => listener.onDrain()),
    onStatus: (status) => guard(() => listener.onStatus(status)),
  };
}

class InterceptedChannel implements Channel {
  readonly start: Channel["start"];
  readonly #channel: Channel;

  constructor(channel: Channel, interceptors: readonly Interceptor[]) {
    this.#channel = channel;
    this.start = intercepted(channel, interceptors);
  }

  get state(): ConnectivityState {
    return this.#channel.state;
  }

  close(options?: { graceMs?: number }): Promise<void> {
    return this.#channel.close(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
