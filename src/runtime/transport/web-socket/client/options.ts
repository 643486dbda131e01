import { type OptionNames, refuseUnknown } from "../../../core/known-options.js";
import { CHANNEL_OPTIONS, type Http2ChannelOptions } from "../../grpc-h2/client/channel-options.js";
import type { DialOptions } from "../../grpc-h2/client/dial-options.js";
import type { WebSocketClass } from "../socket.js";

/** How a channel over WebSockets connects and what it accepts. */
export interface WebSocketOptions extends Omit<Http2ChannelOptions, keyof DialOptions> {
  /** The class of WebSockets. Default: the platform's own. Node 20 has none: that of the package `ws`. */
  readonly webSocket?: WebSocketClass | undefined;
  /** Subprotocols to offer (`Sec-WebSocket-Protocol`), for relays that ask for one. Default: none. */
  readonly protocols?: readonly string[] | undefined;
  /**
   * Gives what lets the next connection in, as it is put into the query of its URL (`?ticket=…`): a browser sends no headers of one's
   * own with a WebSocket. Asked at each connection. It ends up in the logs of servers and proxies, so it should serve once, and for seconds.
   */
  readonly ticket?: (() => Promise<string> | string) | undefined;
}

/** The default limits of a channel over WebSockets: lower than over TCP, as it runs in a page. */
const DEFAULTS: Http2ChannelOptions = {
  streamWindowBytes: 1024 * 1024,
  maxUnreadBytes: 8 * 1024 * 1024,
  keepaliveTimeoutMs: 10_000,
  maxConnections: 4,
  maxBackoffMs: 20_000,
};

const { tls: _tls, proxy: _proxy, createConnection: _create, ...HTTP2_OPTIONS } = CHANNEL_OPTIONS;
const NAMES: OptionNames<WebSocketOptions> = { ...HTTP2_OPTIONS, webSocket: true, protocols: true, ticket: true };

/** Takes apart what concerns the WebSocket and what concerns HTTP/2. @throws TypeError for what cannot be (P17). */
export function splitOptions(options: WebSocketOptions): {
  readonly http2: Http2ChannelOptions;
  readonly protocols: readonly string[];
  readonly webSocket: WebSocketClass;
  readonly ticket: WebSocketOptions["ticket"];
} {
  if ("tls" in options && options.tls !== undefined) {
    throw new TypeError("a WebSocket channel takes no tls: write wss://, and the platform sees to certificates");
  }
  refuseUnknown(options, NAMES, "a WebSocket channel");
  const { webSocket = platformClass(), protocols = [], ticket, ...rest } = options;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { http2: { ...DEFAULTS, ...given }, protocols, webSocket, ticket };
}

function platformClass(): WebSocketClass {
  const { WebSocket: found } = globalThis as { WebSocket?: WebSocketClass }; // what a browser's has, and more
  if (found !== undefined) return found;
  throw new TypeError('this platform has no WebSocket: give one, { webSocket: WebSocket } of the package "ws"');
}
