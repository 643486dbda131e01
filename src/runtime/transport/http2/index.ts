import type { Duplex } from "node:stream";
import type { ServerTransportFactory } from "../server-transport.js";
import type { Target } from "../target.js";
import { Http2Channel } from "./channel.js";
import { type Http2ChannelOptions, resolveChannelOptions } from "./channel-options.js";
import { Http2ServerTransport } from "./server.js";
import type { Http2ServerOptions } from "./server-options.js";

export type { Http2Channel } from "./channel.js";
export type { Http2ChannelOptions } from "./channel-options.js";
export { Http2ServerTransport } from "./server.js";
export type { Http2ServerOptions } from "./server-options.js";

/** A channel over our own HTTP/2. Connects when the first call is made. */
export function connectHttp2(
  target: Exclude<Target, { readonly kind: "name" }>,
  options: Http2ChannelOptions = {},
  createConnection?: () => Duplex,
): Http2Channel {
  return new Http2Channel(target, resolveChannelOptions(options, createConnection));
}

/** Servers that listen by our own HTTP/2: `new Server({ transport: http2Transport() })`. */
export function http2Transport(options: Http2ServerOptions = {}): ServerTransportFactory {
  return (methods) => new Http2ServerTransport(methods, options);
}
