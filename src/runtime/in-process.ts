import { withCredentials } from "./call/client/credentials.js";
import { withInterceptors } from "./call/client/intercepted-channel.js";
import type { BalancingOptions } from "./channel/options.js";
import type { ConnectOptions } from "./connect.js";
import type { Server } from "./server.js";
import { configured } from "./service-config-option.js";
import { connectInMemory, type Http2ServerOptions, serveHttp2 } from "./transport/grpc-h2/index.js";
import type { Channel } from "./transport/transport.js";

/**
 * Options of {@link inProcess}: those of `connect` without TLS (credentials are allowed without it here), and the limits of the server's
 * side.
 */
export interface InProcessOptions
  extends Omit<
    ConnectOptions,
    "tls" | "proxy" | "createConnection" | "credentialsOverPlainText" | keyof BalancingOptions
  > {
  /** The limits of the server's side. Default: those of `http2Transport()`. */
  readonly server?: Http2ServerOptions | undefined;
}

/**
 * A channel to a server in the same process, without a port: for tests. Calls go through real HTTP/2 frames, so that
 * flow control, metadata, deadlines and cancels behave as over a network. `server.shutdown()` ends it too. Throws a
 * TypeError for an unknown option.
 *
 * @example
 * ```ts
 * const client = new RouteGuideClient(inProcess(new Server().add(RouteGuideService, handlers)));
 * ```
 */
export function inProcess(server: Server, options: InProcessOptions = {}): Channel {
  const { interceptors = [], credentials, server: serverOptions, serviceConfig, retries, ...channelOptions } = options;
  const inner = credentials === undefined ? [] : [withCredentials(credentials, { overPlainText: true })];
  const transport = serveHttp2(server.methods, serverOptions);
  server.attach(transport);
  const channel = configured(connectInMemory(transport, channelOptions), { serviceConfig, retries });
  return withInterceptors(channel, [...interceptors, ...inner]);
}
