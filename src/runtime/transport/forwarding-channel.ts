import type { CalledMethod } from "../core/method.js";
import type {
  Channel,
  ChannelStats,
  ClientListener,
  ClientStream,
  ConnectivityState,
  StartOptions,
  WatchStateOptions,
} from "./transport.js";

/** A channel that does something about calls; all else is that of the channel it stands around. */
export abstract class ForwardingChannel implements Channel {
  /** The channel it stands around at this moment. */
  protected abstract readonly inner: Channel;

  get state(): ConnectivityState {
    return this.inner.state;
  }

  get origin(): Channel["origin"] {
    return this.inner.origin;
  }

  get stats(): (() => ChannelStats) | undefined {
    const { inner } = this;
    return inner.stats?.bind(inner);
  }

  abstract start<Out, InInit>(
    method: CalledMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out>;

  connect(): void {
    this.inner.connect();
  }

  watchState(options?: WatchStateOptions): AsyncIterableIterator<ConnectivityState> {
    return this.inner.watchState(options);
  }

  resetBackoff(): void {
    this.inner.resetBackoff();
  }

  close(options?: { graceMs?: number }): Promise<void> {
    return this.inner.close(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
