/**
 * A way for pages to gRPC servers that are not ours: WebSocket on one side, TCP or TLS on the other. Needs the package `ws`.
 */
import { type RelayOptions, resolveRelayOptions } from "./transport/web-socket/relay/options.js";
import { WebSocketRelay } from "./transport/web-socket/relay/relay.js";
import { attach, type WebEntry, type WebServer } from "./transport/web-socket/server/attach.js";

export type { RelayAuthorize, RelayOptions, RelayTarget } from "./transport/web-socket/relay/options.js";
export type { WebServer } from "./transport/web-socket/server/attach.js";

/** A relay at work. */
export interface Relay extends WebEntry {
  /** WebSockets that are open. */
  readonly connections: number;
  /** Takes no more connections, and closes those that are open. */
  close(): void;
}

/**
 * Relays the WebSockets of a server of `node:http` or `node:https` to gRPC servers, each at a path of its own: `webSocketChannel` of
 * `gen-stubs-runtime/web-socket` calls `wss://…/grpc/NAME`. The relay passes bytes on and knows nothing of the calls in them: whoever may
 * connect may call every method of the target, and the target sees the relay's address as its client's. So `targets` are by name,
 * pages of other hosts stay out unless `origins` lets them in, and only HTTP/2 gets through.
 *
 * @throws TypeError for an unknown option, and for an invalid target, name or path
 *
 * @example
 * ```ts
 * attachRelay(web, { targets: { chat: "http://10.0.0.5:50051" }, origins: ["https://app.example.com"] });
 * ```
 */
export function attachRelay(web: WebServer, options: RelayOptions): Relay {
  const relay = new WebSocketRelay(resolveRelayOptions(options));
  attach(web, relay);
  return relay;
}
