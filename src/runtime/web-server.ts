/**
 * The services of a `Server` behind somebody else's HTTP server: for browsers, by gRPC-Web and Connect, over HTTP/1.1 and HTTP/2.
 * A server of its own with the same doors is `server.listen(address, { web: { origins } })`.
 */
import type { Server } from "./server.js";
import { type FetchHandler, fetchHandlerOf } from "./transport/web/fetch/fetch-handler.js";
import type { HandlerOptions } from "./transport/web/handler-options.js";
import { type NodeHandler, nodeHandlerOf } from "./transport/web/node/node-handler.js";

export type { FetchHandler, FetchHandlerContext } from "./transport/web/fetch/fetch-handler.js";
export type { HandlerOptions } from "./transport/web/handler-options.js";
export type { NodeRequest, NodeResponse } from "./transport/web/node/node-exchange.js";
export type { NodeHandler } from "./transport/web/node/node-handler.js";
export type { CorsOptions } from "./transport/web-options.js";

/**
 * A handler for node:http, node:https, Express, Fastify, Next's pages and whatever else gives Node's requests and responses. gRPC-Web
 * (binary and text) and Connect (JSON and protobuf); gRPC itself too over node:http2. `server.shutdown()` ends its calls. No body parser
 * may stand before it.
 *
 * @throws TypeError for an option that nobody knows, or that cannot be
 * @example
 * ```ts
 * const server = new Server().add(RouteGuideService, handlers);
 * createServer(nodeHandler(server, { origins: ["https://app.example.com"] })).listen(8080);
 * ```
 */
export function nodeHandler(server: Server, options: HandlerOptions = {}): NodeHandler {
  return nodeHandlerOf(server, options);
}

/**
 * A handler from Request to Response, streams both: for Next's route handlers, Hono, Deno, Bun and Workers. gRPC-Web (binary and text)
 * and Connect (JSON and protobuf). `server.shutdown()` ends its calls.
 *
 * @throws TypeError for an option that nobody knows, or that cannot be
 * @example
 * ```ts
 * const handler = fetchHandler(new Server().add(RouteGuideService, handlers), { prefix: "/api" });
 * export { handler as GET, handler as POST };
 * ```
 */
export function fetchHandler(server: Server, options: HandlerOptions = {}): FetchHandler {
  return fetchHandlerOf(server, options);
}
