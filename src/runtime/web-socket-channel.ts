import { type CallCredentials, withCredentials } from "./call/client/credentials.js";
import { withInterceptors } from "./call/client/intercepted-channel.js";
import type { ClientInterceptor } from "./call/client/interceptor.js";
import type { Channel } from "./transport/transport.js";
import type { WebSocketOptions } from "./transport/web-socket/client/options.js";

/** Options of `webSocketChannel`. */
export interface WebSocketChannelOptions extends WebSocketOptions {
  /**
   * Credentials, added to the metadata of every call, inside the interceptors. Without `wss:` calls end with UNAUTHENTICATED, unless
   * `credentialsOverPlainText` is true.
   */
  readonly credentials?: CallCredentials | undefined;
  /** Send credentials over `ws:` too. Default false. */
  readonly credentialsOverPlainText?: boolean | undefined;
  /** Around every call of the channel; the first is the outermost. */
  readonly interceptors?: readonly ClientInterceptor[] | undefined;
}

/** Takes apart what concerns calls and what concerns the connection, which `connect` opens. */
export function openWebSocketChannel(
  connect: (url: string | URL, options: WebSocketOptions) => Channel,
  url: string | URL,
  options: WebSocketChannelOptions,
): Channel {
  const { interceptors = [], credentials, credentialsOverPlainText: overPlainText, ...channelOptions } = options;
  const inner = credentials === undefined ? [] : [withCredentials(credentials, { overPlainText })];
  return withInterceptors(connect(url, channelOptions), [...interceptors, ...inner]);
}
