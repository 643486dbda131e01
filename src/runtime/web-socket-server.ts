/**
 * Lets browsers in: gRPC within WebSockets, at a path of a web server that is there already. Needs the package `ws`.
 */
import type { Server } from "./server.js";
import { attach, type WebEntry, type WebServer } from "./transport/web-socket/server/attach.js";
import { WebSocketDoor } from "./transport/web-socket/server/door.js";
import type { WebSocketServerOptions } from "./transport/web-socket/server/options.js";

export type { WebEntry, WebServer } from "./transport/web-socket/server/attach.js";
export type { WebSocketServerOptions } from "./transport/web-socket/server/options.js";
export type { Authorize } from "./transport/web-socket/server/upgrades.js";

/**
 * Serves the calls of browsers and other `webSocketChannel`s, bound to no web server yet: for those that hand upgrades out themselves, by
 * `handleUpgrade`. {@link attachWebSocket} does both. `server.shutdown()` ends its connections.
 *
 * @throws TypeError for an option that it does not know, and for a path or an origin that is none
 */
export function webSocketEntry(server: Server, options: WebSocketServerOptions = {}): WebEntry {
  const door = new WebSocketDoor(server.methods, options);
  server.attach(door.transport);
  return door;
}

/**
 * Serves the calls of browsers at a path of a server of `node:http` or `node:https`: `/grpc`, if nothing else is said. Upgrades for
 * other paths are left to the server's other `upgrade` listeners; where there are none they are answered with 404.
 *
 * Pages of the same host may connect, others by `origins`. `server.shutdown()` ends the connections; the web server is yours.
 *
 * @throws TypeError for an option that it does not know, and for a path or an origin that is none
 *
 * @example
 * ```ts
 * const web = createServer(app);
 * attachWebSocket(web, server, { origins: ["https://app.example.com"] });
 * web.listen(8080);
 * ```
 */
export function attachWebSocket(web: WebServer, server: Server, options: WebSocketServerOptions = {}): void {
  attach(web, webSocketEntry(server, options));
}
