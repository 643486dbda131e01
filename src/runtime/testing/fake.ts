import type { ServerInterceptor } from "../call/server/interceptor.js";
import type { Metadata } from "../core/metadata.js";
import type { CalledMethod } from "../core/method.js";
import { RpcError, statusObject } from "../core/rpc-error.js";
import type { Service } from "../core/service.js";
import { status } from "../core/status.js";
import { inProcess } from "../in-process.js";
import { Server } from "../server.js";
import { ForwardingChannel } from "../transport/forwarding-channel.js";
import type { Channel, ClientListener, ClientStream, StartOptions } from "../transport/transport.js";

/** What a handler is given: the request, or each message of a stream of them. */
export type RequestOf<Handler> = Handler extends (first: infer First, ...rest: never[]) => unknown
  ? First extends AsyncIterable<infer Message>
    ? Message
    : First
  : never;

/** One call that a fake was asked. */
export interface RecordedCall<Request> {
  /** What came, in order; it grows while the call is open. */
  readonly requests: readonly Request[];
  /** The request headers. */
  readonly metadata: Metadata;
  /** How it ended: `{ code, details }`; undefined while it is open. */
  readonly status: { readonly code: status; readonly details: string } | undefined;
}

/** The calls of each method, by handler name, oldest first. */
export type RecordedCalls<Handlers> = {
  readonly [Name in keyof Handlers]: readonly RecordedCall<RequestOf<Handlers[Name]>>[];
};

/** A channel without a server behind it. */
export interface Fake<Handlers> extends Channel {
  /** What was called, by the name of the method, in order. */
  readonly calls: RecordedCalls<Handlers>;
}

interface OpenCall {
  requests: unknown[];
  metadata: Metadata;
  status: RecordedCall<unknown>["status"];
}

/**
 * A channel for tests of what calls a service: answers by these handlers, with UNIMPLEMENTED where there is none, and records
 * what it was asked. Calls go through real frames, in the process; timers are those of the module's loading, so that
 * deadlines and cancels work under fake timers too.
 *
 * @example
 * ```ts
 * const channel = fake(WeatherService, { now: ({ name }) => ({ place: name, celsius: 21 }) });
 * expect(await warmest(new WeatherClient(channel), ["Oslo"])).toBe("Oslo");
 * expect(channel.calls.now[0]?.requests[0]?.name).toBe("Oslo");
 * ```
 */
export function fake<Handlers extends object>(
  service: Service<Handlers>,
  handlers: Partial<NoInfer<Handlers>> = {},
): Fake<Handlers> {
  const calls: Record<string, OpenCall[]> = Object.create(null);
  const all: Record<string, unknown> = Object.create(null);
  const names = new Map<string, string>();
  for (const [name, { path }] of service.methods) {
    calls[name] = [];
    names.set(path, name);
    const given = (handlers as Readonly<Record<string, unknown>>)[name]; // by the service's own names
    all[name] = typeof given === "function" ? given.bind(handlers) : () => unlisted(path);
  }
  const record: ServerInterceptor = async (call, next) => {
    const { metadata } = call;
    const recorded: OpenCall = { requests: [], metadata, status: undefined };
    calls[names.get(call.method.path) ?? ""]?.push(recorded);
    try {
      await next({ received: (message) => void recorded.requests.push(message) });
      recorded.status = statusObject(status.OK, "");
    } catch (error) {
      const { code, details } = error instanceof RpcError ? error : { code: status.UNKNOWN, details: String(error) };
      recorded.status = { code, details };
      throw error;
    }
  };
  // The table has a handler for each name of the service.
  const server = new Server({ interceptors: [record] }).add(service, all as Handlers);
  // Filled by the service's own names.
  return new FakeChannel(inProcess(server), server, calls as RecordedCalls<Handlers>);
}

/** The channel to the server of a fake, which ends with it. */
class FakeChannel<Handlers> extends ForwardingChannel implements Fake<Handlers> {
  protected readonly inner: Channel;
  readonly calls: RecordedCalls<Handlers>;
  readonly #server: Server;

  constructor(channel: Channel, server: Server, calls: RecordedCalls<Handlers>) {
    super();
    this.inner = channel;
    this.#server = server;
    this.calls = calls;
  }

  start<Out, InInit>(
    method: CalledMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out> {
    return this.inner.start(method, options, listener);
  }

  override async close(options?: { graceMs?: number }): Promise<void> {
    await this.inner.close(options);
    await this.#server.shutdown();
  }
}

function unlisted(path: string): never {
  throw new RpcError(status.UNIMPLEMENTED, `the fake has no handler for ${path}`);
}
