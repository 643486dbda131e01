import { checkInterceptors } from "./call/check-interceptors.js";
import { Admission } from "./call/server/admission.js";
import type { ServerInterceptor } from "./call/server/interceptor.js";
import { methodServers } from "./call/server/method-servers.js";
import type { HandlerErrorListener } from "./call/server/service-rules.js";
import { type OptionNames, refuseUnknown } from "./core/known-options.js";
import type { Service } from "./core/service.js";
import { http2Transport } from "./transport/grpc-h2/index.js";
import type {
  ListenAddress,
  ListenOptions,
  ServerTls,
  ServerTransport,
  ServerTransportFactory,
} from "./transport/server-transport.js";
import { addStats, statsOf } from "./transport/stats.js";
import type { ChannelStats, MethodServer, MethodServers } from "./transport/transport.js";

/** Options of a {@link Server}. */
export interface ServerOptions {
  /**
   * Called with errors of handlers that have no status; the client gets UNKNOWN without their text. Default: a process warning
   * (`process.emitWarning`), which `--no-warnings` silences.
   */
  readonly onError?: HandlerErrorListener | undefined;
  /** Interceptors around every call; the first is the outermost. Default: none. */
  readonly interceptors?: readonly ServerInterceptor[] | undefined;
  /**
   * The most calls, over all connections, that run at the same time: from their start until they are over and their handlers have returned. Further
   * ones wait, or are refused with RESOURCE_EXHAUSTED and a `google.rpc.RetryInfo` before any of their messages is read. Default:
   * no limit.
   */
  readonly maxRunningCalls?: number | undefined;
  /** Calls that wait for one of the `maxRunningCalls`, oldest first, as long as their deadlines let them. Default 0. */
  readonly maxQueuedCalls?: number | undefined;
  /** Milliseconds after which a refused call may be tried again, as its RetryInfo says. Default 1000. */
  readonly retryAfterMs?: number | undefined;
  /** The transport. Default: `http2Transport()`, our own HTTP/2. */
  readonly transport?: ServerTransportFactory | undefined;
}

/** Options of one service. */
export interface ServiceOptions {
  /** Around every call of the service, within those of the server; the first is the outermost. */
  readonly interceptors?: readonly ServerInterceptor[] | undefined;
  /** Its calls do not count against `maxRunningCalls`, and none is refused for it: for health checks. Default false. */
  readonly unlimited?: boolean | undefined;
}

const SERVER_OPTIONS: OptionNames<ServerOptions> = {
  onError: true,
  interceptors: true,
  maxRunningCalls: true,
  maxQueuedCalls: true,
  retryAfterMs: true,
  transport: true,
};
const SERVICE_OPTIONS: OptionNames<ServiceOptions> = { interceptors: true, unlimited: true };
const TLS_OPTIONS: OptionNames<ServerTls> = { ca: true, cert: true, crl: true, key: true, passphrase: true, pfx: true };
const LISTEN_OPTIONS: OptionNames<ListenOptions> = { tls: true, reusePort: true, web: true };

/**
 * A gRPC server.
 *
 * @example
 * ```ts
 * const server = new Server().add(RouteGuideService, handlers);
 * const { port } = await server.listen("127.0.0.1:0");
 * await server.shutdown({ graceMs: 1_000 });
 * ```
 */
export class Server {
  readonly #options: ServerOptions;
  readonly #methods = new Map<string, MethodServer>();
  readonly #services: Service<never>[] = [];
  readonly #admission: Admission | undefined;
  #transport: ServerTransport | undefined;
  /** Further ways calls come in, as in-process channels. */
  readonly #attached = new Set<Pick<ServerTransport, "shutdown" | "stats">>();
  #shutdown: Promise<void> | undefined;

  /** @throws TypeError for an unknown option, and for an interceptor that is not a function */
  constructor(options: ServerOptions = {}) {
    refuseUnknown(options, SERVER_OPTIONS, "a Server");
    checkInterceptors(options.interceptors ?? []);
    this.#options = options;
    this.#admission = admissionOf(options);
  }

  /** The methods by path: for transports. */
  get methods(): MethodServers {
    return this.#methods;
  }

  /** The services that are served, in the order in which they were added. */
  get services(): readonly Service<never>[] {
    return this.#services;
  }

  /**
   * Adds a service; to be called before `listen`. Throws where a handler is missing or a method is served already.
   * Methods of a class instance keep their `this`.
   */
  add<Handlers extends object>(
    service: Service<Handlers>,
    handlers: NoInfer<Handlers>,
    options: ServiceOptions = {},
  ): this {
    if (this.#transport !== undefined)
      throw new Error(`add ${service.typeName} before listen: the server listens already`);
    refuseUnknown(options, SERVICE_OPTIONS, "add");
    const { onError, interceptors = [] } = this.#options;
    const added = methodServers(service, handlers, {
      ...(onError === undefined ? {} : { onError }),
      admission: options.unlimited === true ? undefined : this.#admission,
      interceptors: [...interceptors, ...(options.interceptors ?? [])],
    });
    for (const path of added.keys()) {
      if (this.#methods.has(path)) throw new Error(`${path} is served already`);
    }
    for (const [path, methodServer] of added) this.#methods.set(path, methodServer);
    this.#services.push(service);
    return this;
  }

  /**
   * Listens on `host:port` (port 0: any free one), `[v6]:port` or `unix:/path`. May be called for several addresses.
   * Rejects with the system's error where the address cannot be used, and with a TypeError for an unknown or invalid option, and for
   * `web` over a transport that does not support it.
   */
  async listen(address: string, options: ListenOptions = {}): Promise<ListenAddress> {
    if (this.#shutdown !== undefined) throw new Error("the server was shut down; make a new one");
    refuseUnknown(options, LISTEN_OPTIONS, "listen");
    this.#transport ??= (this.#options.transport ?? http2Transport())(this.#methods);
    const { web, ...others } = options;
    if (web === undefined) return await this.#transport.listen(address, others);
    if (typeof web.forServices !== "function") {
      throw new TypeError("listen: web takes what webDoors({ origins }) of gen-stubs-runtime/web-server makes");
    }
    if (this.#transport.takesWebDoors !== true) {
      throw new TypeError("listen: this transport has no doors for the web; http2Transport has");
    }
    return await this.#transport.listen(address, { ...others, webDoors: await web.forServices(this.#services) });
  }

  /**
   * Changes the certificates of every address that it listens on with TLS, without a restart: open connections and their calls go
   * on, new ones see the new certificates. `gen-stubs-runtime/tls` watches files.
   *
   * @throws Error for an invalid certificate, or a key that does not belong to it (nothing changes then), and where no address has TLS
   * @throws TypeError for an option other than `cert`, `key`, `passphrase`, `pfx`, `ca` and `crl`, and over a transport that cannot
   */
  setTls(tls: ServerTls): void {
    refuseUnknown(tls, TLS_OPTIONS, "setTls");
    if (this.#transport === undefined) throw new Error("setTls: the server does not listen yet; give tls to listen");
    if (this.#transport.setTls === undefined) {
      throw new TypeError("setTls: this transport cannot change its certificates; http2Transport can");
    }
    this.#transport.setTls(tls);
  }

  /** Lets `shutdown` end this too: for transports that bring calls without `listen`. */
  attach(transport: Pick<ServerTransport, "shutdown" | "stats">): void {
    this.#attached.add(transport);
  }

  /**
   * The current connections and calls, over all addresses and in-process channels. Those of a transport without statistics (grpc-js) are not counted.
   */
  stats(): ChannelStats {
    const nothing = statsOf([], 0, { started: 0, succeeded: 0, failed: 0 });
    return [this.#transport, ...this.#attached].flatMap((part) => part?.stats?.() ?? []).reduce(addStats, nothing);
  }

  /**
   * Takes no new calls, lets open ones finish for `graceMs` (default 0), then cancels them. Resolves when nothing is
   * left that would keep the process alive (P13). May be called again.
   */
  shutdown(options: { readonly graceMs?: number | undefined } = {}): Promise<void> {
    this.#shutdown ??= this.#end(options.graceMs ?? 0);
    return this.#shutdown;
  }

  /** `await using server = new Server()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  async #end(graceMs: number): Promise<void> {
    const parts = [...this.#attached];
    await Promise.all([this.#transport?.shutdown(graceMs), ...parts.map((part) => part.shutdown(graceMs))]);
  }
}

/** @throws TypeError for an invalid limit, and for one that would have no effect (P17). */
function admissionOf(options: ServerOptions): Admission | undefined {
  const { maxRunningCalls, maxQueuedCalls, retryAfterMs } = options;
  for (const [name, value] of Object.entries({ maxRunningCalls, maxQueuedCalls, retryAfterMs })) {
    const least = name === "maxRunningCalls" ? 1 : 0;
    if (value !== undefined && !(value >= least))
      throw new TypeError(`${name} must be at least ${least}, not ${value}`);
    if (value !== undefined && maxRunningCalls === undefined) {
      throw new TypeError(`${name} has no meaning without maxRunningCalls`);
    }
  }
  if (maxRunningCalls === undefined) return undefined;
  return new Admission({ maxRunningCalls, maxQueuedCalls: maxQueuedCalls ?? 0, retryAfterMs: retryAfterMs ?? 1000 });
}
