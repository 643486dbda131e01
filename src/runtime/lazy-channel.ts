import { withInterceptors } from "./call/client/intercepted-channel.js";
import type { ClientInterceptor } from "./call/client/interceptor.js";
import { inCleanContext } from "./core/async-context.js";
import { CLOSED_MEANWHILE } from "./core/closed-channel.js";
import { Deferred, ignore } from "./core/deferred.js";
import type { CalledMethod } from "./core/method.js";
import { messageOf, RpcError } from "./core/rpc-error.js";
import { status } from "./core/status.js";
import { ForwardingChannel } from "./transport/forwarding-channel.js";
import type { Channel, ClientListener, ClientStream, StartOptions } from "./transport/transport.js";

/**
 * A channel with something around it whose code is loaded on its own, so that a client without it does not carry it. Calls that
 * are made before it is there wait for it; where it cannot be made, each ends with INTERNAL and the reason.
 */
export function lazyChannel(
  inner: Channel,
  wrap: () => Promise<Channel>,
  { atFirstCall = false }: { readonly atFirstCall?: boolean } = {},
): Channel {
  const channel = new LazyChannel(inner, wrap);
  if (!atFirstCall) channel.load();
  return channel;
}

class LazyChannel extends ForwardingChannel {
  readonly #inner: Channel;
  readonly #wrap: () => Promise<Channel>;
  readonly #early: Channel;
  readonly #closed = new Deferred<void>();
  #isClosed = false;
  #loading: Promise<unknown> | undefined;
  #channel: Channel | undefined;

  constructor(inner: Channel, wrap: () => Promise<Channel>) {
    super();
    this.#inner = inner;
    this.#wrap = wrap;
    this.#early = withInterceptors(this, [this.#wait]);
  }

  /** What calls wait for. */
  load(): Promise<unknown> {
    if (this.#loading === undefined) {
      const loading = inCleanContext(this.#wrap).then((channel) => {
        this.#channel = channel;
      });
      this.#loading = Promise.race([loading, this.#closed.promise]);
      this.#loading.catch(ignore); // each call tells
    }
    return this.#loading;
  }

  start<Out, InInit>(
    method: CalledMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out> {
    // A closed channel says so itself.
    return (this.#channel ?? (this.#isClosed ? this.#inner : this.#early)).start(method, options, listener);
  }

  override async close(options?: { graceMs?: number }): Promise<void> {
    const channel = this.inner;
    this.#isClosed = true;
    this.#closed.resolve();
    await channel.close(options);
  }

  protected get inner(): Channel {
    return this.#channel ?? this.#inner;
  }

  readonly #wait: ClientInterceptor = async (_call, next) => {
    try {
      await this.load();
    } catch (cause) {
      throw new RpcError(status.INTERNAL, `the call cannot be started: ${messageOf(cause)}`, { cause });
    }
    if (this.#channel === undefined) throw new RpcError(status.CANCELLED, CLOSED_MEANWHILE);
    await next();
  };
}
