import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from "node:http2";
import type { ResolvedChannelOptions } from "./channel-options.js";
import { Keepalive } from "./keepalive.js";
import { openSocket } from "./open-socket.js";
import { sessionOptions } from "./options.js";
import type { Origin } from "./request-headers.js";
import { REQUEST_OPTIONS } from "./request-options.js";
import { ResetBudget } from "./reset-budget.js";
import { authorityOf, type SocketTarget } from "./socket-target.js";

/** How long a closing connection may take to send what is left. */
const FLUSH_MS = 200;

/** How many pings out of turn a server gets: grpc-go, for one, closes the connection at the third. */
const MAX_DOUBTS = 2;

/** Resets that are kept for the calls of a connection that takes no new ones. */
const RESERVED_RESETS = 200;

/** What a channel hears of one of its connections. */
export interface ConnectionEvents {
  /** Connected, the peer's settings are known, calls may begin. */
  onReady(connection: Connection): void;
  /** No new calls: the peer said GOAWAY, or the connection is gone. May come more than once. */
  onClosing(connection: Connection): void;
  /** The socket is closed. `reason` says why, for error texts. */
  onClosed(connection: Connection, reason: string): void;
  /** A call ended: there is room for another. */
  onRoom(connection: Connection): void;
}

/** One HTTP/2 connection of a channel. */
export class Connection implements Origin {
  readonly scheme: "http" | "https";
  readonly authority: string;
  readonly userAgent: string;
  readonly #events: ConnectionEvents;
  readonly #options: ResolvedChannelOptions;
  readonly #session: ClientHttp2Session;
  readonly #keepalive: Keepalive;
  readonly #connectTimer: NodeJS.Timeout;
  /** Counts what the server says on all streams: a sign of life. */
  heard = 0;
  readonly #resets = new ResetBudget(RESERVED_RESETS);
  #doubts = 0;
  #heardAtDoubt = 0;
  #peer = "unknown";
  #active = 0;
  #ready = false;
  #awaited = false;
  #closing = false;
  #closed = false;
  #onShut: (() => void) | undefined;
  #lost: string | undefined;
  #error: Error | undefined;

  constructor(target: SocketTarget, options: ResolvedChannelOptions, events: ConnectionEvents) {
    this.scheme = target.tls ? "https" : "http";
    this.authority = options.authority ?? authorityOf(target);
    this.userAgent = options.userAgent;
    this.#events = events;
    this.#options = options;
    const socket = options.createConnection?.() ?? openSocket(target, options.tls);
    const session = connect(`${this.scheme}://${authorityOf(target)}`, {
      ...sessionOptions(options),
      createConnection: () => socket,
    });
    this.#session = session;
    this.#keepalive = new Keepalive(session, options, () => this.#drop("the server does not answer keepalive pings"));
    this.#connectTimer = setTimeout(() => {
      this.#drop(`no connection within ${options.connectTimeoutMs} ms`);
    }, options.connectTimeoutMs);
    session.once("connect", () => this.#onConnect());
    session.once("remoteSettings", () => this.#onReady());
    session.on("error", (error) => {
      this.#error ??= error;
    });
    session.on("goaway", (code) => {
      if (code !== constants.NGHTTP2_NO_ERROR)
        this.#lost ??= `the server closed the connection with GOAWAY code ${code}`;
      this.#close();
      this.#endWhenIdle();
    });
    session.once("close", () => this.#onClose());
    socket.once("error", (error) => {
      this.#error ??= error;
      // Node leaves a TLS socket open when the server refuses the client's certificate.
      setImmediate(() => socket.destroy());
    });
    socket.once("close", () => setImmediate(() => this.#onClose()));
  }

  get peer(): string {
    return this.#peer;
  }

  /** Why the connection is gone; undefined while it is there. */
  get lost(): string | undefined {
    return this.#session.destroyed ? (this.#lost ?? reasonOf(this.#error) ?? "the connection was closed") : undefined;
  }

  get active(): number {
    return this.#active;
  }

  /** Whether one more call may begin. */
  get hasRoom(): boolean {
    if (!this.#ready || this.#closing || this.#session.closed || this.#session.destroyed) return false;
    return this.#active < this.#options.maxStreamsPerConnection && this.#active < this.#peerLimit();
  }

  /** Opens a stream. {@link release} must follow when it is closed. */
  request(headers: OutgoingHttpHeaders): ClientHttp2Stream {
    const stream = this.#session.request(headers, REQUEST_OPTIONS);
    if (this.#active++ === 0) {
      this.#session.ref();
      this.#keepalive.start();
    }
    return stream;
  }

  /** A stream is closed. */
  release(): void {
    if (--this.#active === 0) {
      if (!this.#session.destroyed && !this.#awaited) this.#session.unref();
      if (!this.#options.keepaliveWithoutCalls) this.#keepalive.stop();
      if (this.#session.closed) this.#endWhenIdle();
    }
    this.#events.onRoom(this);
  }

  /** A call is about to be reset. */
  noteReset(): void {
    if (!this.#resets.spend()) this.close();
  }

  /**
   * A call ran into its deadline, and nothing at all was heard meanwhile: asks whether the server is there. The link may
   * be dead; or node:http2 is, which after a connection error of its peer goes silent without saying so. Servers do not
   * take more than two such pings kindly, so there are no more until something is heard.
   */
  doubt(): void {
    if (this.#heardAtDoubt !== this.heard) {
      this.#heardAtDoubt = this.heard;
      this.#doubts = 0;
    }
    if (++this.#doubts <= MAX_DOUBTS) this.#keepalive.probe();
  }

  /** Lets open streams finish, then closes. */
  close(): void {
    this.#close();
    setImmediate(() => this.#session.close());
  }

  /** Closes now, but for the frames that are on their way out. Resolves when the socket is closed. */
  shut(): Promise<void> {
    const session = this.#session;
    this.#lost ??= "the channel was closed";
    if (this.#closed) return Promise.resolve();
    // Idle, it kept no process alive; but who awaits its end must live to see it, as in `await using channel`.
    this.#awaited = true;
    if (!session.destroyed) session.ref();
    return new Promise((resolve) => {
      this.#onShut = resolve;
      if (session.destroyed) return;
      if (!this.#ready) {
        this.#drop("the channel was closed");
        return;
      }
      this.#close();
      setImmediate(() => session.close());
      setTimeout(() => session.destroy(), FLUSH_MS).unref();
    });
  }

  #onConnect(): void {
    const session = this.#session;
    // The event comes a tick late: the peer may have hung up meanwhile.
    if (session.destroyed) return;
    const { remoteAddress, remotePort } = session.socket;
    this.#peer = remoteAddress === undefined ? this.authority : formatPeer(remoteAddress, remotePort);
    if (this.scheme === "https" && session.alpnProtocol !== "h2") {
      this.#drop(`the server does not speak HTTP/2 (ALPN says ${String(session.alpnProtocol)})`);
      return;
    }
    session.setLocalWindowSize(this.#options.connectionWindowBytes);
  }

  #onReady(): void {
    clearTimeout(this.#connectTimer);
    if (this.#session.destroyed) return;
    this.#ready = true;
    if (this.#options.keepaliveWithoutCalls) this.#keepalive.start();
    this.#events.onReady(this);
    if (this.#active === 0 && !this.#awaited) this.#session.unref();
  }

  #close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#events.onClosing(this);
  }

  /** After a GOAWAY node:http2 (Node 20 to 24) may keep a session without streams open, and answer nothing any more. */
  #endWhenIdle(): void {
    if (this.#active === 0) setImmediate(() => this.#session.destroy());
  }

  #drop(reason: string): void {
    this.#lost ??= reason;
    this.#close();
    // Not from within an event: nghttp2 may be reading on in this very session, and Node would crash.
    setImmediate(() => this.#session.destroy());
  }

  #onClose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onShut?.();
    clearTimeout(this.#connectTimer);
    this.#keepalive.stop();
    this.#close();
    this.#events.onClosed(this, this.lost ?? "the connection was closed");
  }

  #peerLimit(): number {
    return this.#session.remoteSettings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY;
  }
}

function formatPeer(address: string, port: number | undefined): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function reasonOf(error: Error | undefined): string | undefined {
  if (error === undefined) return undefined;
  // Happy Eyeballs throws one error for all addresses, without a message of its own.
  if (error instanceof AggregateError)
    return error.errors.map((one) => (one instanceof Error ? one.message : String(one))).join("; ");
  return error.message;
}
