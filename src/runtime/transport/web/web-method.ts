import type { Codec } from "../../core/codec.js";
import type { MessageFormat } from "../../wire/connect/content-type.js";
import { MessageFramer } from "../../wire/message-framer.js";
import type { Compression, MethodServer, MethodServers } from "../transport.js";
import type { WebLimits } from "../web-doors.js";

/** The codecs of a method's messages as JSON; undefined where its messages have no descriptors. */
export type JsonCodecs = (method: MethodServer["method"]) => MethodCodecs | undefined;

export interface MethodCodecs {
  readonly request: Codec<unknown, never>;
  readonly response: Codec<unknown, never>;
}

/** `idempotency_level` of a method that may be called by GET. */
const NO_SIDE_EFFECTS = 1;

/** What all calls of one method share. */
export class WebMethod {
  readonly server: MethodServer;
  readonly limits: WebLimits;
  readonly streamsRequests: boolean;
  readonly streamsResponses: boolean;
  /** Whether its .proto says that it has none, so that a GET may call it. */
  readonly noSideEffects: boolean;
  readonly #json: MethodCodecs | undefined;
  readonly #framers = new Map<string, MessageFramer<never>>();

  constructor(server: MethodServer, limits: WebLimits, json: JsonCodecs | undefined) {
    const { kind, descriptor } = server.method;
    this.server = server;
    this.limits = limits;
    this.streamsRequests = kind === "client_streaming" || kind === "bidi_streaming";
    this.streamsResponses = kind === "server_streaming" || kind === "bidi_streaming";
    this.noSideEffects = descriptor?.idempotency === NO_SIDE_EFFECTS;
    this.#json = json?.(server.method);
  }

  /** Its codecs in this format; undefined where it has none. */
  codecs(format: MessageFormat): MethodCodecs | undefined {
    return format === "proto" ? this.server.method : this.#json;
  }

  /** Writes answers. Only for a format it has. */
  framer(format: MessageFormat, compression: Compression): MessageFramer<never> {
    const key = `${format} ${compression}`;
    let framer = this.#framers.get(key);
    if (framer === undefined) {
      const { maxSendMessageBytes, compressor } = this.limits;
      const { response } = this.codecs(format) ?? this.server.method;
      framer = new MessageFramer(response, { maxSendMessageBytes, compression, compressor });
      this.#framers.set(key, framer);
    }
    return framer;
  }
}

/** The methods of a server by path, as they are called. */
export class WebMethodTable {
  readonly #servers: MethodServers;
  readonly #limits: WebLimits;
  readonly #json: JsonCodecs | undefined;
  readonly #called = new Map<string, WebMethod>();

  constructor(servers: MethodServers, limits: WebLimits, json: JsonCodecs | undefined) {
    this.#servers = servers;
    this.#limits = limits;
    this.#json = json;
  }

  get(path: string): WebMethod | undefined {
    const called = this.#called.get(path);
    if (called !== undefined) return called;
    const server = this.#servers.get(path);
    if (server === undefined) return undefined;
    const method = new WebMethod(server, this.#limits, this.#json);
    this.#called.set(path, method);
    return method;
  }
}
