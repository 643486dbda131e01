import { type CustomTransportStrategy, Transport } from "@nestjs/microservices";
import { EMPTY, type Observable } from "rxjs";
import { type OptionNames, refuseUnknown } from "../core/known-options.js";
import type { ForeignMetadata, Metadata } from "../core/metadata.js";
import type { AnyMethod } from "../core/method.js";
import type { Service } from "../core/service.js";
import { Server } from "../server.js";
import { http2Transport } from "../transport/grpc-h2/index.js";
import type { ListenAddress } from "../transport/server-transport.js";
import type { NestCall } from "./call.js";
import { type HandlerRules, handlerOf } from "./handlers.js";
import { loadServices } from "./loaded-services.js";
import { refuseForeign, transportOptions } from "./nest-options.js";
import { type FoundHandler, findHandler } from "./patterns.js";
import { GrpcServerBase } from "./server-base.js";
import type { GeneratedStrategyOptions, GrpcStrategyOptions, LoadedStrategyOptions } from "./strategy-options.js";
import { tolerateUnheardEnds } from "./unheard-errors.js";

const OPTIONS: OptionNames<Omit<GeneratedStrategyOptions & LoadedStrategyOptions, never>> = {
  services: true,
  package: true,
  protoPath: true,
  packageDefinition: true,
  protoLoader: true,
  loader: true,
  gracefulShutdown: true,
  maxReceiveMessageLength: true,
  maxSendMessageLength: true,
  keepalive: true,
  url: true,
  tls: true,
  server: true,
  configure: true,
  graceMs: true,
  maxWaitingResponses: true,
};

/** What says how .proto files are loaded. */
const LOADING: readonly string[] = ["protoPath", "packageDefinition", "protoLoader", "loader"];

/**
 * A transport of NestJS: controllers that `@GrpcMethod`, `@GrpcStreamMethod` and `@GrpcStreamCall` declare, served by this package's
 * HTTP/2. Their guards, pipes, interceptors and filters apply to all four kinds of call.
 *
 * @example
 * ```ts
 * const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
 *   strategy: new GrpcStrategy({ services: [WeatherService], url: "0.0.0.0:50051" }),
 * });
 * ```
 */
export class GrpcStrategy extends GrpcServerBase implements CustomTransportStrategy {
  /** Nest's mark of gRPC. */
  override readonly transportId: Transport = Transport.GRPC;
  readonly #options: GrpcStrategyOptions;
  readonly #server: Server;
  #address: ListenAddress | undefined;

  /** @throws TypeError for an unknown option, or one that would be without effect */
  constructor(options: GrpcStrategyOptions) {
    super();
    refuseForeign(options);
    refuseUnknown(options, OPTIONS, "GrpcStrategy");
    const { services, package: packages }: Partial<GeneratedStrategyOptions & LoadedStrategyOptions> = options;
    if ((services === undefined) === (packages === undefined))
      throw new TypeError("GrpcStrategy takes either services, which are generated, or package with protoPath");
    for (const name of Object.keys(options)) {
      if (services !== undefined && LOADING.includes(name))
        throw new TypeError(`GrpcStrategy: no meaning with services: "${name}"`);
    }
    const transport = transportOptions(options);
    if (transport !== undefined && options.server?.transport !== undefined)
      throw new TypeError("GrpcStrategy: limits and keepalive belong to the transport that server.transport makes");
    this.#options = options;
    this.#server = new Server({
      onError: (error) => this.logger.error(error),
      ...options.server,
      ...(transport === undefined ? {} : { transport: http2Transport(transport) }),
    });
  }

  /** Where it listens; undefined until it does. With port 0 in `url`: the port that it got. */
  get address(): ListenAddress | undefined {
    return this.#address;
  }

  /** Nest's own gRPC server has no states either: an observable that completes at once. */
  override get status(): Observable<never> {
    return EMPTY;
  }

  /** Called by Nest: registers the handlers, listens, then calls back, with the error where that failed. */
  listen(callback: (error?: unknown) => void): void {
    this.#listen().then(() => callback(), callback);
  }

  /** Called by `app.close()`. */
  async close(): Promise<void> {
    const forever = this.#options.gracefulShutdown === true;
    await this.#server.shutdown({ graceMs: this.#options.graceMs ?? (forever ? LONGEST_MS : 0) });
  }

  /** There are no events to listen for. @throws Error always */
  on(): never {
    throw new Error("GrpcStrategy has no events");
  }

  /** The `Server` of this package that carries the calls. */
  unwrap<T = Server>(): T {
    return this.#server as T; // the type is whatever the caller says, as in all of Nest's transports
  }

  async #listen(): Promise<void> {
    tolerateUnheardEnds();
    const { url = "localhost:5000", tls, configure } = this.#options;
    const { services, metadata } = await this.#services();
    const rules: HandlerRules = {
      metadata,
      maxWaitingResponses: this.#options.maxWaitingResponses ?? Number.POSITIVE_INFINITY,
      around: (call, run) => this.#around(call, run),
    };
    const found = services.flatMap((service) => this.#add(service, rules));
    this.#warnOfUnused(found, services);
    configure?.(this.#server);
    this.#address = await this.#server.listen(url, tls === undefined ? {} : { tls });
  }

  async #services(): Promise<{
    readonly services: readonly Service<never>[];
    readonly metadata: (metadata: Metadata) => Metadata | ForeignMetadata;
  }> {
    const options = this.#options;
    return "services" in options && options.services !== undefined
      ? { services: options.services, metadata: (metadata) => metadata }
      : await loadServices(options as LoadedStrategyOptions); // the constructor has seen its `package`
  }

  /** Serves the methods that have a handler; the others are UNIMPLEMENTED. */
  #add(service: Service<never>, rules: HandlerRules): FoundHandler[] {
    const methods = new Map<string, AnyMethod>();
    const handlers: Record<string, unknown> = Object.create(null);
    const all: FoundHandler[] = [];
    for (const [name, method] of service.methods) {
      const found = findHandler(method, this.messageHandlers);
      if (found === undefined) continue;
      methods.set(name, method);
      handlers[name] = handlerOf(method, found.handler, found.style === "pt_stream", rules);
      all.push(found);
    }
    const served: Service<object> = { typeName: service.typeName, methods, descriptor: service.descriptor };
    this.#server.add(served, handlers);
    return all;
  }

  #warnOfUnused(found: readonly FoundHandler[], services: readonly Service<never>[]): void {
    const used = new Set(found.map(({ pattern }) => pattern));
    for (const pattern of this.messageHandlers.keys()) {
      if (used.has(pattern) || !pattern.includes('"rpc":')) continue;
      const names = services.map(({ typeName }) => typeName).join(", ");
      this.logger.warn(`no rpc of ${names} is the one of the handler ${pattern}: it is not served here`);
    }
  }

  /** Nest's hooks, which observe calls: around each, as on its own transport. */
  #around<Result>(call: NestCall, run: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const context = call as never; // `BaseRpcContext` to Nest, which hands it on
      this.onProcessingStartHook(Transport.GRPC, context, async () => {
        try {
          resolve(await run());
        } catch (error) {
          reject(error);
        } finally {
          this.onProcessingEndHook?.(Transport.GRPC, context);
        }
      });
    });
  }
}

/** The longest time that Node's timers know. */
const LONGEST_MS = 2 ** 31 - 1;
