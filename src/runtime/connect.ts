import type { ConnectionOptions } from "node:tls";
import type { Interceptor } from "./call/call-options.js";
import { withInterceptors } from "./call/intercepted-channel.js";
import { connectGrpcJs } from "./transport/grpc-js/connect.js";
import { parseTarget } from "./transport/target.js";
import type { Channel } from "./transport/transport.js";

/** What `connect` may be told. */
export interface ConnectOptions {
  /** Node's TLS options: `ca`, `cert` and `key` for mTLS, `servername`, … With `https://` they may be left out. */
  readonly tls?: ConnectionOptions | undefined;
  /** Around every call of the channel; the first is the outermost. */
  readonly interceptors?: readonly Interceptor[] | undefined;
}

/**
 * A channel to a server. It connects when the first call is made.
 *
 * @param target `http://host:port` for plain text, `https://host:port` for TLS, `unix:/path` for a socket,
 * `dns:///host:port` for all addresses of a name. Throws a TypeError where it is none of these.
 */
export function connect(target: string, options: ConnectOptions = {}): Channel {
  const channel = connectGrpcJs(parseTarget(target, options.tls !== undefined), options.tls);
  return withInterceptors(channel, options.interceptors ?? []);
}
