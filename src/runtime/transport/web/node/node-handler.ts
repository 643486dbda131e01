import { inCleanContext } from "../../../core/async-context.js";
import { tlsFacts } from "../../grpc-h2/node/tls-facts.js";
import { type HandledServer, HandledServices } from "../handled-services.js";
import { type HandlerOptions, resolveHandlerOptions } from "../handler-options.js";
import { refuseHttp, serveExchange, type WebService } from "../serve-exchange.js";
import type { NodeRequest, NodeResponse } from "./messages.js";
import { NodeExchange, type NodePlace } from "./node-exchange.js";
import { setHead } from "./put-head.js";

/**
 * Answers requests of node:http, node:https and node:http2, as it is or as a middleware: a path of no method goes to `next`, and is 404
 * where there is none.
 */
export type NodeHandler = (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void) => void;

/** @see `nodeHandler` of `gen-stubs-runtime/web-server` */
export function nodeHandlerOf(server: HandledServer, options: HandlerOptions): NodeHandler {
  const services = new HandledServices(server, resolveHandlerOptions(options, "nodeHandler"));
  const place: NodePlace = { maxHeaderBytes: services.maxMetadataBytes, tlsFacts, putHead: setHead };
  return (request, response, next) => {
    const path = services.pathOf(request.url ?? "");
    if (path === undefined || !services.has(path.replace(/\?.*$/s, ""))) {
      if (next !== undefined) {
        next();
        return;
      }
      response.statusCode = 404;
      response.setHeader("content-type", "text/plain");
      // Both kinds of response have the same method, with types of their own.
      (response as import("node:http").ServerResponse).end("No method has this path.\n");
      return;
    }
    // Handlers run outside of any call's asynchronous context (P18).
    const serve = (service: WebService): void => {
      inCleanContext(() => serveNode(new NodeExchange(request, response, path, place), services, service));
    };
    const { service } = services;
    if (service !== undefined) serve(service);
    else services.load().then(serve, (error: unknown) => (next === undefined ? response.destroy() : next(error)));
  };
}

function serveNode(exchange: NodeExchange, { home }: HandledServices, service: WebService): void {
  if (home.closed) {
    refuseHttp(exchange, 503, "The server is shutting down.", ["connection", "close"]);
    return;
  }
  if (exchange.wasRead) {
    const text = "The body of the request was read before nodeHandler saw it: let no body parser stand before it.";
    refuseHttp(exchange, 500, text);
    return;
  }
  serveExchange(exchange, service, home);
}
