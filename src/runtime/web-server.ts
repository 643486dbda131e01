/**
 * The services of a `Server` behind an HTTP server that is not ours: for browsers, by gRPC-Web and Connect, over HTTP/1.1 and HTTP/2.
 * A server of its own has the same doors by `server.listen(address, { web: webDoors({ origins }) })`.
 */
import type { Server } from "./server.js";
import { doorsOf } from "./transport/web/doors/index.js";
import { type FetchHandler, fetchHandlerOf } from "./transport/web/fetch/fetch-handler.js";
import type { HandlerOptions } from "./transport/web/handler-options.js";
import { type NodeHandler, nodeHandlerOf } from "./transport/web/node/node-handler.js";
import type { Doors, WebDoorsOptions } from "./transport/web-options.js";

export type { FetchHandler, FetchHandlerContext } from "./transport/web/fetch/fetch-handler.js";
export type { HandlerOptions } from "./transport/web/handler-options.js";
export type { NodeRequest, NodeResponse } from "./transport/web/node/messages.js";
export type { NodeHandler } from "./transport/web/node/node-handler.js";
export type { CorsOptions, Doors, UpgradeHandler, WebDoorsOptions } from "./transport/web-options.js";

/**
 * Doors for `server.listen`: gRPC-Web (binary and text) and Connect (JSON and protobuf) beside gRPC on the same port, over HTTP/1.1 and
 * HTTP/2, with TLS and without. Pages of the server's own origin may call; `origins` names others.
 *
 * @throws TypeError for an unknown option, or one that cannot be
 * @example
 * ```ts
 * await server.listen("0.0.0.0:8443", { tls, web: webDoors({ origins: ["https://app.example.com"] }) });
 * ```
 */
export function webDoors(options: WebDoorsOptions = {}): Doors {
  return doorsOf(options);
}

/**
 * A handler for node:http, node:https, Express, Fastify, Next's pages and whatever else gives Node's requests and responses. gRPC-Web
 * (binary and text) and Connect (JSON and protobuf); gRPC itself too over node:http2. `server.shutdown()` ends its calls. No body parser
 * may stand before it.
 *
 * @throws TypeError for an unknown option, or one that cannot be
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
 * @throws TypeError for an unknown option, or one that cannot be
 * @example
 * ```ts
 * const handler = fetchHandler(new Server().add(RouteGuideService, handlers), { prefix: "/api" });
 * export { handler as GET, handler as POST };
 * ```
 */
export function fetchHandler(server: Server, options: HandlerOptions = {}): FetchHandler {
  return fetchHandlerOf(server, options);
}
