import type { Channel, ConnectivityState } from "../transport/transport.js";
import type { Interceptor } from "./call-options.js";
import { intercepted } from "./start-call.js";

/** The channel with these interceptors around every call; the first is the outermost. */
export function withInterceptors(channel: Channel, interceptors: readonly Interceptor[]): Channel {
  return interceptors.length === 0 ? channel : new InterceptedChannel(channel, interceptors);
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
