import {
  constants,
  createSecureServer,
  createServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { Server } from "node:net";
import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { Metadata, status } from "../../core/metadata.js";
import type { StatusObject } from "../../core/rpc-error.js";
import type { ListenAddress, ListenOptions, ServerTransport } from "../server-transport.js";
import type { MethodServers } from "../transport.js";
import { acceptStream } from "./accept-stream.js";
import { listenOn } from "./listen-address.js";
import { sessionOptions } from "./options.js";
import type { ServerCall } from "./server-call.js";
import { type Http2ServerOptions, type ResolvedServerOptions, resolveServerOptions } from "./server-options.js";
import { ServerSession } from "./server-session.js";

/** How long a closing server may take to send the last statuses. */
const FLUSH_MS = 200;

const SHUTTING_DOWN: StatusObject = {
  code: status.UNAVAILABLE,
  details: "the server is shutting down",
  metadata: new Metadata(),
};

/** Answers calls over HTTP/2: on the addresses it listens on, and on connections it is handed. */
export class Http2ServerTransport implements ServerTransport {
  readonly #methods: MethodServers;
  readonly #options: ResolvedServerOptions;
  readonly #listening = new Set<Server>();
  readonly #sessions = new Map<Http2Session, ServerSession>();
  readonly #calls = new Set<ServerCall<unknown, never>>();
  #handed: Server | undefined;
  #onCallsOver: (() => void) | undefined;
  #closed = false;

  constructor(methods: MethodServers, options: Http2ServerOptions = {}) {
    this.#methods = methods;
    this.#options = resolveServerOptions(options);
  }

  async listen(address: string, options: ListenOptions = {}): Promise<ListenAddress> {
    const server = this.#createServer(options.tls);
    const bound = await listenOn(server, address);
    this.#listening.add(server);
    if (this.#closed) await new Promise((done) => server.close(done));
    return bound;
  }

  /** Takes a connection that came in some other way. Throws once the server is shut down. */
  accept(socket: Duplex): void {
    if (this.#closed) throw new Error(SHUTTING_DOWN.details);
    this.#handed ??= this.#createServer(undefined);
    this.#handed.emit("connection", socket);
  }

  async shutdown(graceMs: number): Promise<void> {
    this.#closed = true;
    const closed = [...this.#listening].map((server) => new Promise((done) => server.close(done)));
    for (const session of this.#sessions.values()) session.close();
    // Not from within an event of HTTP/2.
    await setImmediate();
    if (graceMs > 0 && this.#calls.size > 0) await this.#callsOver(graceMs);
    for (const call of [...this.#calls]) call.abort(SHUTTING_DOWN);
    const force = setTimeout(() => {
      for (const session of this.#sessions.values()) session.destroy();
    }, FLUSH_MS);
    await Promise.all([...closed, ...[...this.#sessions.values()].map((session) => session.closed)]);
    clearTimeout(force);
  }

  #callsOver(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(graceMs, 0x7fff_ffff));
      this.#onCallsOver = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #createServer(tls: ListenOptions["tls"]): Server {
    const options = this.#options;
    const common = sessionOptions(options);
    const settings = { ...common.settings, maxConcurrentStreams: options.maxConcurrentStreams };
    const server =
      tls === undefined
        ? createServer({ ...common, settings })
        : createSecureServer({ handshakeTimeout: options.handshakeTimeoutMs, ...tls, ...common, settings });
    if (options.maxConnections !== Number.POSITIVE_INFINITY) server.maxConnections = options.maxConnections;
    server.on("session", (session: Http2Session) => {
      this.#onSession(session);
      session.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw?: string[]) =>
        this.#onStream(session, stream, headers, raw),
      );
    });
    // The sessions have the streams; without a listener here Node would answer requests itself.
    server.on("stream", ignore);
    server.on("sessionError", ignore);
    server.on("tlsClientError", ignore);
    return server;
  }

  #onSession(session: Http2Session): void {
    const watched = new ServerSession(session, this.#options);
    this.#sessions.set(session, watched);
    session.once("close", () => this.#sessions.delete(session));
    // Accepted before the listening ended, and announced after.
    if (this.#closed) watched.close();
  }

  #onStream(
    on: Http2Session,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    raw: string[] | undefined,
  ): void {
    const session = this.#sessions.get(on);
    if (session === undefined) return;
    // The stream was reset before it was announced.
    if (stream.destroyed || stream.closed) {
      session.streamReset();
      return;
    }
    if (this.#closed || session.leaving) {
      // It was on its way. Refused, it may be sent again, on another connection (gRFC A6).
      stream.on("error", ignore);
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
      return;
    }
    session.streamOpened();
    const call = acceptStream(stream, headers, raw, session, this.#methods, this.#options);
    if (call !== undefined) this.#calls.add(call);
    stream.once("close", () => {
      session.streamClosed(stream.aborted);
      if (call === undefined) return;
      this.#calls.delete(call);
      if (this.#calls.size === 0) this.#onCallsOver?.();
    });
  }
}

function ignore(): void {}
