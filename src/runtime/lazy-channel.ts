import { withInterceptors } from "./call/client/intercepted-channel.js";
import type { ClientInterceptor } from "./call/client/interceptor.js";
import { inCleanContext } from "./core/async-context.js";
import { monotonicMs, startTimer, stopTimer } from "./core/clock.js";
import { Deferred, ignore } from "./core/deferred.js";
import type { CalledMethod } from "./core/method.js";
import { messageOf, RpcError } from "./core/rpc-error.js";
import { status } from "./core/status.js";
import type {
  Channel,
  ChannelStats,
  ClientListener,
  ClientStream,
  ConnectivityState,
  StartOptions,
  WatchStateOptions,
} from "./transport/transport.js";

/**
 * A channel with something around it whose code is loaded on its own, so that a client without it does not carry it. Calls that
 * are made before it is there wait for it; where it cannot be made, each ends with INTERNAL and the reason.
 */
export function lazyChannel(inner: Channel, wrap: () => Promise<Channel>): Channel {
  return new LazyChannel(inner, wrap);
}

class LazyChannel implements Channel {
  readonly #inner: Channel;
  readonly #loading: Promise<Channel>;
  readonly #early: Channel;
  /** The channel is closed, and what is loaded comes too late. */
  readonly #ended = new Deferred<void>();
  #channel: Channel | undefined;
  #closing: Promise<void> | undefined;

  constructor(inner: Channel, wrap: () => Promise<Channel>) {
    this.#inner = inner;
    this.#loading = inCleanContext(wrap);
    this.#loading.then(
      (channel) => {
        this.#channel = channel;
      },
      ignore, // each call tells
    );
    this.#early = withInterceptors(this, [this.#wait]);
  }

  get state(): ConnectivityState {
    return this.#current.state;
  }

  get origin(): Channel["origin"] {
    return this.#inner.origin;
  }

  get stats(): (() => ChannelStats) | undefined {
    const channel = this.#current;
    return channel.stats?.bind(channel);
  }

  start<Out, InInit>(
    method: CalledMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out> {
    if (this.#channel !== undefined) return this.#channel.start(method, options, listener);
    if (this.#closing !== undefined) return this.#inner.start(method, options, listener); // which is closed, and says so
    this.#inner.connect(); // what is waited for may come with the connection
    return this.#early.start(method, options, listener);
  }

  connect(): void {
    this.#inner.connect();
  }

  watchState(options?: WatchStateOptions): AsyncIterableIterator<ConnectivityState> {
    return this.#inner.watchState(options);
  }

  resetBackoff(): void {
    this.#inner.resetBackoff();
  }

  close(options: { graceMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.graceMs ?? 0);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #current(): Channel {
    return this.#channel ?? this.#inner;
  }

  async #close(graceMs: number): Promise<void> {
    const until = monotonicMs() + graceMs;
    if (this.#channel === undefined) {
      const timer = startTimer(() => this.#ended.resolve(), graceMs, undefined);
      await Promise.race([this.#ended.promise, this.#loading.then(ignore, ignore)]);
      stopTimer(timer);
      this.#ended.resolve();
    }
    await this.#current.close({ graceMs: Math.max(0, until - monotonicMs()) });
  }

  readonly #wait: ClientInterceptor = async (_call, next) => {
    try {
      await Promise.race([this.#loading, this.#ended.promise]);
    } catch (cause) {
      throw new RpcError(status.INTERNAL, `the call cannot be started: ${messageOf(cause)}`, { cause });
    }
    if (this.#channel === undefined) throw new RpcError(status.CANCELLED, "the channel was closed");
    await next();
  };
}
