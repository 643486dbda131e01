import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** What takes requests for WebSockets. */
export interface WebEntry {
  /** Takes the socket over where the request is for this entry, and says whether it did. May be called by itself, without the entry. */
  readonly handleUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
}

/** What is used of a server of `node:http` or `node:https`. */
export type WebServer = Pick<HttpServer, "on" | "listenerCount">;

/** The entries of each web server, which share one listener. */
const entriesOf = new WeakMap<WebServer, WebEntry[]>();

/**
 * Passes a web server's upgrades to an entry. Upgrades for other paths are left to other listeners; without any, they are answered
 * with 404, because Node leaves such sockets open.
 */
export function attach(web: WebServer, entry: WebEntry): void {
  const beside = entriesOf.get(web);
  if (beside !== undefined) {
    beside.push(entry);
    return;
  }
  const entries = [entry];
  entriesOf.set(web, entries);
  web.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (entries.some((one) => one.handleUpgrade(request, socket, head)) || web.listenerCount("upgrade") > 1) return;
    socket.on("error", () => void socket.destroy());
    socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
}

/** @throws TypeError for a path that no URL has */
export function checkPath(path: string): void {
  if (!/^\/[^?#\s]*$/.test(path)) throw new TypeError(`path must begin with a slash, as /grpc: "${path}"`);
}
