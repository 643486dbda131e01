import type { TlsOptions } from "node:tls";
import type { ChannelStats, MethodServers } from "./transport.js";
import type { Doors } from "./web-options.js";

/** How a server listens on one address. */
export interface ListenOptions {
  /** Node's own TLS options; `cert` and `key` at least. `requestCert: true` with `ca` asks for mTLS. Without it: plain text. */
  readonly tls?: TlsOptions | undefined;
  /**
   * Shares the port with other processes that say so too; the kernel spreads connections over them (SO_REUSEPORT). Default false. Needs
   * Node 22.12 or 23.1, on Linux, FreeBSD, Solaris or AIX; rejects elsewhere, and for `unix:`.
   */
  readonly reusePort?: boolean | undefined;
  /**
   * Also serves browsers on the same port: gRPC-Web and Connect, over HTTP/2 and HTTP/1.1. The value is made by `webDoors({ origins })` of
   * `gen-stubs-runtime/web-server`. Default: gRPC only.
   */
  readonly web?: Doors | undefined;
}

/** How a transport listens on one address. */
export interface TransportListenOptions extends Pick<ListenOptions, "tls" | "reusePort"> {
  /** What `Server` makes of `web`; only for a transport that {@link ServerTransport.takesWebDoors}, which knows what it is. */
  readonly webDoors?: unknown;
}

/** What of a server's TLS may change while it listens. What is left out stays as it was. */
export type ServerTls = Pick<TlsOptions, "ca" | "cert" | "crl" | "key" | "passphrase" | "pfx">;

/** Where a server listens. */
export interface ListenAddress {
  /** `host:port`, or `unix:/path`: what a client connects to. */
  readonly address: string;
  /** The port, 0 for a unix socket. */
  readonly port: number;
}

/** Carries calls to a server: the interface between `Server` and its transports. */
export interface ServerTransport {
  /** Listens on `host:port` (0: any free port), `[v6]:port` or `unix:/path`; may be called for several. */
  listen(address: string, options: TransportListenOptions): Promise<ListenAddress>;
  /** Whether `listen` takes doors for the web. Left out where it cannot be done. */
  readonly takesWebDoors?: boolean | undefined;
  /** Changes the certificates of every address with TLS, for new connections; throws where they are none. Left out where it cannot be done. */
  setTls?(tls: ServerTls): void;
  /** The current state; undefined where the transport does not know it. */
  stats?(): ChannelStats;
  /** Takes no new calls, lets open ones finish for `graceMs`, cancels the rest; resolves when nothing is left (P13). */
  shutdown(graceMs: number): Promise<void>;
}

/** Makes the transport of one server. It looks calls up in `methods`, which do not change after the first `listen`. */
export type ServerTransportFactory = (methods: MethodServers) => ServerTransport;
