import type { MethodServers } from "../transport.js";
import { Http2Channel } from "./channel.js";
import { type Http2ChannelOptions, resolveChannelOptions } from "./channel-options.js";
import { Http2Listener } from "./server.js";
import type { Http2ServerOptions } from "./server-options.js";
import { parseTarget } from "./target.js";

export type { ConnectivityState, Http2Channel } from "./channel.js";
export type { Http2ChannelOptions } from "./channel-options.js";
export type { ListenAddress } from "./listen-address.js";
export type { Http2Listener } from "./server.js";
export type { Http2ServerOptions, ServerTlsOptions } from "./server-options.js";

/**
 * A channel to `http://host:port`, `https://host:port` or `unix:/path`. Connects when the first call is made.
 * @throws TypeError for a target that is none of these.
 */
export function http2Channel(target: string, options: Http2ChannelOptions = {}): Http2Channel {
  return new Http2Channel(parseTarget(target, options.tls !== undefined), resolveChannelOptions(options));
}

/**
 * Listens on `host:port` (port 0: any free one) or `unix:/path`, and answers the methods given.
 * Rejects with Node's own error where listening fails (EADDRINUSE…).
 */
export async function listenHttp2(
  methods: MethodServers,
  address: string,
  options: Http2ServerOptions = {},
): Promise<Http2Listener> {
  const listener = new Http2Listener(methods, options);
  await listener.listen(address);
  return listener;
}
