/**
 * Lets browsers in: gRPC within WebSockets, at a path of a web server that is there already. Needs the package `ws`.
 */
import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Server } from "./server.js";
import { WebSocketDoor } from "./transport/web-socket/server/door.js";
import type { WebSocketServerOptions } from "./transport/web-socket/server/options.js";

export type { Authorize, WebSocketServerOptions } from "./transport/web-socket/server/options.js";

/** A way in by WebSocket. `server.shutdown()` ends its connections. */
export interface WebSocketEntry {
  /** Where clients connect. */
  readonly path: string;
  /**
   * For web servers that hand upgrades out themselves: takes the socket over where the path is this entry's, and says whether it did.
   */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}

/**
 * Serves the calls of browsers and other `webSocketChannel`s; bound to no web server yet. {@link attachWebSocket} does both.
 *
 * @throws TypeError for an option that it does not know, and for a path or an origin that is none
 */
export function webSocketEntry(server: Server, options: WebSocketServerOptions = {}): WebSocketEntry {
  const door = new WebSocketDoor(server.methods, options);
  server.attach(door.transport);
  return {
    path: door.path,
    handleUpgrade(request, socket, head) {
      if (!door.takes(request)) return false;
      door.handleUpgrade(request, socket, head);
      return true;
    },
  };
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
export function attachWebSocket(
  web: Pick<HttpServer, "on" | "listenerCount">,
  server: Server,
  options: WebSocketServerOptions = {},
): WebSocketEntry {
  const entry = webSocketEntry(server, options);
  const beside = entriesOf.get(web);
  if (beside !== undefined) {
    beside.push(entry);
    return entry;
  }
  const entries = [entry];
  entriesOf.set(web, entries);
  web.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (entries.some((one) => one.handleUpgrade(request, socket, head)) || web.listenerCount("upgrade") > 1) return;
    socket.on("error", () => {});
    socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
  return entry;
}

/** The entries of each web server, which share one listener. */
const entriesOf = new WeakMap<object, WebSocketEntry[]>();
