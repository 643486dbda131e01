import type { Service } from "../../core/service.js";
import type { ServerTransport } from "../server-transport.js";
import type { MethodServers } from "../transport.js";
import { HandlerHome } from "./handler-home.js";
import type { ResolvedHandlerOptions } from "./handler-options.js";
import { loadJsonCodecs } from "./json-codecs.js";
import type { WebService } from "./serve-exchange.js";
import { WebMethodTable } from "./web-method.js";

/** What a handler needs of a server. */
export interface HandledServer {
  readonly methods: MethodServers;
  readonly services: readonly Service<never>[];
  attach(transport: Pick<ServerTransport, "shutdown" | "stats">): void;
}

/** The services of a server behind one handler. */
export class HandledServices {
  readonly home: HandlerHome = new HandlerHome();
  readonly #server: HandledServer;
  readonly #options: ResolvedHandlerOptions;
  #loading: Promise<WebService> | undefined;
  #service: WebService | undefined;

  constructor(server: HandledServer, options: ResolvedHandlerOptions) {
    this.#server = server;
    this.#options = options;
    server.attach(this.home);
  }

  /** What answers requests; undefined before it was loaded. */
  get service(): WebService | undefined {
    return this.#service;
  }

  /** Resolves once JSON is there, if there is any: with the first request, so that every service was added. */
  load(): Promise<WebService> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** The path without the prefix; undefined for one that does not begin with it. */
  pathOf(target: string): string | undefined {
    const { prefix } = this.#options;
    if (prefix === "") return target;
    return target.startsWith(`${prefix}/`) ? target.slice(prefix.length) : undefined;
  }

  /** Whether a method of the server has this path. */
  has(path: string): boolean {
    return this.#server.methods.has(path);
  }

  get maxMetadataBytes(): number {
    return this.#options.limits.maxMetadataBytes;
  }

  async #load(): Promise<WebService> {
    const json = await loadJsonCodecs(this.#server.services);
    const methods = new WebMethodTable(this.#server.methods, this.#options.limits, json);
    this.#service = { methods, cors: this.#options.cors };
    return this.#service;
  }
}
