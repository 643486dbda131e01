import { MessageDecoder } from "../../../wire/message-decoder.js";
import { MessageFramer } from "../../../wire/message-framer.js";
import type { Compression, MethodServer, MethodServers } from "../../transport.js";
import type { ResolvedServerOptions } from "./server-options.js";

/** What all calls of one method share. */
export class ServerMethod {
  readonly server: MethodServer;
  readonly streamsRequests: boolean;
  readonly decoder: MessageDecoder<unknown>;
  readonly #options: ResolvedServerOptions;
  readonly #identity: MessageFramer<never>;

  constructor(server: MethodServer, options: ResolvedServerOptions) {
    this.server = server;
    this.#options = options;
    const { kind, request } = server.method;
    this.decoder = new MessageDecoder(request, options);
    this.streamsRequests = kind === "client_streaming" || kind === "bidi_streaming";
    this.#identity = this.#framer("identity");
  }

  framer(compression: Compression): MessageFramer<never> {
    return compression === "identity" ? this.#identity : this.#framer(compression);
  }

  #framer(compression: Compression): MessageFramer<never> {
    const { maxSendMessageBytes, compressor } = this.#options;
    return new MessageFramer<never>(this.server.method.response, { maxSendMessageBytes, compression, compressor });
  }
}

/** The methods of a server by path, as they are called. */
export class ServerMethodTable {
  readonly #servers: MethodServers;
  readonly #options: ResolvedServerOptions;
  readonly #called = new Map<string, ServerMethod>();

  constructor(servers: MethodServers, options: ResolvedServerOptions) {
    this.#servers = servers;
    this.#options = options;
  }

  get(path: string): ServerMethod | undefined {
    const called = this.#called.get(path);
    if (called !== undefined) return called;
    const server = this.#servers.get(path);
    if (server === undefined) return undefined;
    const method = new ServerMethod(server, this.#options);
    this.#called.set(path, method);
    return method;
  }
}
