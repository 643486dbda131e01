import { nodeCompressor } from "../../platform/node/compressor.js";
import { nodeEnvironment } from "../../platform/node/environment.js";
import { addressName, type RouterFactory, type SocketAddress } from "../routing.js";
import type { ServerTransportFactory } from "../server-transport.js";
import type { MethodServers } from "../transport.js";
import { Http2Channel } from "./client/channel.js";
import { type Http2ChannelOptions, resolveChannelOptions } from "./client/channel-options.js";
import { connectionNews } from "./client/connection-news.js";
import type { Destination } from "./client/destination.js";
import { RoutedChannel } from "./client/routed-channel.js";
import { authorityOf, nameOf, type SocketTarget } from "./client/socket-target.js";
import type { Platform } from "./limits.js";
import { dialMemory } from "./memory-pipe.js";
import { dialSocket } from "./node/dial-socket.js";
import { listenSockets } from "./node/listen-sockets.js";
import { routedDial } from "./node/routed-dial.js";
import { type Http2ServerOptions, resolveServerOptions } from "./server/server-options.js";
import { Http2ServerTransport } from "./server/server-transport.js";

export type { Http2Channel } from "./client/channel.js";
export type { Http2ChannelOptions } from "./client/channel-options.js";
export type { ConnectionRequest, CreateConnection, ProxyOptions } from "./client/dial-options.js";
export type { SocketTarget } from "./client/socket-target.js";
export { isTunnelled } from "./node/routed-dial.js";
export type { Http2ServerOptions } from "./server/server-options.js";
export type { Http2ServerTransport } from "./server/server-transport.js";

const node: Platform = { environment: nodeEnvironment, compressor: nodeCompressor, news: connectionNews };

/** A channel over our own HTTP/2. Connects when the first call is made. */
export function connectHttp2(target: SocketTarget, options: Http2ChannelOptions = {}): Http2Channel {
  const resolved = resolveChannelOptions(options, node);
  const destination = {
    name: nameOf(target),
    authority: resolved.authority ?? authorityOf(target),
    scheme: target.tls ? "https" : "http",
    dial: dialSocket(target, options),
  } as const;
  return new Http2Channel(destination, resolved);
}

/** Where a channel to many addresses goes. */
export interface RoutedTarget {
  /** For error texts. */
  readonly name: string;
  /** What `:authority` says, unless the options do. */
  readonly authority: string;
  readonly tls: boolean;
  /** Whose certificate each server must show, unless `tls.servername` says; undefined for that of its own address. */
  readonly serverName: string | undefined;
}

/** A channel over our own HTTP/2 to as many addresses as its router knows. */
export function connectRouted(
  target: RoutedTarget,
  router: RouterFactory,
  options: Http2ChannelOptions = {},
): RoutedChannel {
  const resolved = resolveChannelOptions(options, node);
  const { name, tls, serverName } = target;
  const dialOf = routedDial(serverName, tls, options);
  const authority = resolved.authority ?? target.authority;
  const destinationOf = (address: SocketAddress): Destination => {
    const socket: SocketTarget =
      "path" in address
        ? { kind: "unix", tls, path: address.path }
        : { kind: "tcp", tls, host: address.host, port: address.port };
    const own = nameOf(socket);
    return { name: own === name ? own : `${own} (of ${name})`, dial: dialOf(socket), server: addressName(address) };
  };
  return new RoutedChannel({ name, authority, scheme: tls ? "https" : "http" }, resolved, destinationOf, router);
}

/** A server that listens by our own HTTP/2. */
export function serveHttp2(methods: MethodServers, options: Http2ServerOptions = {}): Http2ServerTransport {
  return new Http2ServerTransport(methods, resolveServerOptions(options, node), listenSockets);
}

/** Servers that listen by our own HTTP/2: `new Server({ transport: http2Transport() })`. */
export function http2Transport(options: Http2ServerOptions = {}): ServerTransportFactory {
  return (methods) => serveHttp2(methods, options);
}

/** A channel to a server of the same process: our HTTP/2 over memory instead of a socket. */
export function connectInMemory(server: Http2ServerTransport, options: Http2ChannelOptions = {}): Http2Channel {
  for (const name of ["tls", "proxy", "createConnection"] as const) {
    if (options[name] !== undefined) throw new TypeError(`a channel within the process takes no ${name}`);
  }
  const resolved = resolveChannelOptions(options, node);
  const authority = resolved.authority ?? "in-process";
  return new Http2Channel({ name: "in-process", authority, scheme: "http", dial: dialMemory(server) }, resolved);
}
