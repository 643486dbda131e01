import type { Channel } from "./transport/transport.js";
import { connectAnywhere } from "./transport/web-socket/client/anywhere.js";
import { openWebSocketChannel, type WebSocketChannelOptions } from "./web-socket-channel.js";

export type { CallOptions } from "./call/client/call-options.js";
export type { CallCredentials, CredentialsRequest } from "./call/client/credentials.js";
export type { ClientInterceptor } from "./call/client/interceptor.js";
export { Metadata } from "./core/metadata.js";
export { RpcError, type StatusObject } from "./core/rpc-error.js";
export { status } from "./core/status.js";
export type { Channel } from "./transport/transport.js";
export type { WebSocketOptions } from "./transport/web-socket/client/options.js";
export type { WebSocketClass, WebSocketLike } from "./transport/web-socket/socket.js";
export type { WebSocketChannelOptions } from "./web-socket-channel.js";

/**
 * A channel from a browser: gRPC as it is, calls of all four kinds, both ways at once, with flow control from end to end. The bytes of
 * its HTTP/2 travel within the binary messages of a WebSocket, to `attachWebSocket` of `gen-stubs-runtime/web-socket-server` or to a
 * `gen-stubs-runtime/relay`. It connects when the first call is made, and again when the connection was lost.
 *
 * @param url `wss://host/path` or `ws://host/path`; within a page a path alone will do. Throws a TypeError for anything else, and for
 * an option that it does not know.
 *
 * @example
 * ```ts
 * const chat = new ChatClient(webSocketChannel("wss://api.example.com/grpc")).talk();
 * ```
 */
export function webSocketChannel(url: string | URL, options: WebSocketChannelOptions = {}): Channel {
  return openWebSocketChannel(connectAnywhere, url, options);
}
