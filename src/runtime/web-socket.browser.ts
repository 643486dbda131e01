/** `gen-stubs-runtime/web-socket` for browsers, where a bundler asks for that condition: without the way to zlib, which they lack. */
import type { Channel } from "./transport/transport.js";
import { connectInPage } from "./transport/web-socket/client/in-page.js";
import { openWebSocketChannel, type WebSocketChannelOptions } from "./web-socket-channel.js";

export { Metadata } from "./core/metadata.js";
export { RpcError } from "./core/rpc-error.js";
export { status } from "./core/status.js";

/** As that of `web-socket.ts`. */
export function webSocketChannel(url: string | URL, options: WebSocketChannelOptions = {}): Channel {
  return openWebSocketChannel(connectInPage, url, options);
}
