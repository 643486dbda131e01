import type { Duplex } from "node:stream";
import type { ConnectionOptions } from "node:tls";

/** What a {@link CreateConnection} is asked for. */
export interface ConnectionRequest {
  /** The target's host, without brackets where it is an IPv6 address; undefined for `unix:`. */
  readonly host: string | undefined;
  /** The target's port; undefined for `unix:`. */
  readonly port: number | undefined;
  /** The path of a socket in the file system, for `unix:` targets. */
  readonly path: string | undefined;
  /** Aborts when the stream is no longer needed: it took longer than `connectTimeoutMs`, or the channel was closed. */
  readonly signal: AbortSignal;
}

/**
 * Opens a stream of bytes to the server: an SSH tunnel, vsock, a named pipe. It is asked at each connection, and TLS, where the
 * target asks for it, is spoken over what it returns. A `net.Socket` may still be connecting. What it throws, or rejects with,
 * fails the attempt to connect, with UNAVAILABLE for the calls that wait.
 */
export type CreateConnection = (request: ConnectionRequest) => Duplex | Promise<Duplex>;

/** A proxy that opens tunnels with HTTP's CONNECT (RFC 9110, section 9.3.6). */
export interface ProxyOptions {
  /** `http://host:port`, or `https://host:port` for TLS to the proxy itself; `user:password@` before the host for basic authentication. */
  readonly url: string | URL;
  /** Sent with CONNECT, such as another `proxy-authorization`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Node's TLS options for the connection to an `https://` proxy. Those for the server are the channel's `tls`. */
  readonly tls?: ConnectionOptions | undefined;
}

/** How the byte stream to a server comes about. */
export interface DialOptions {
  /**
   * Node's own TLS options (`ca`, `cert`, `key`, `servername`…), for https:// targets and TLS over unix sockets. A function is asked
   * at each connection, so that a certificate that has changed is shown from then on; connections that are open stay as they are.
   */
  readonly tls?: ConnectionOptions | (() => ConnectionOptions) | undefined;
  /**
   * The HTTP proxy to go through. Default: from the environment when the channel is made, by gRPC's rules: the first of
   * `grpc_proxy`, `https_proxy` and `http_proxy` that is set, unless `no_grpc_proxy` or else `no_proxy` names the host; never for this machine's
   * own addresses. `false`: none.
   */
  readonly proxy?: string | URL | ProxyOptions | false | undefined;
  /** Opens the byte stream instead of Node's TCP or unix socket. Then no proxy is used. */
  readonly createConnection?: CreateConnection | undefined;
}
