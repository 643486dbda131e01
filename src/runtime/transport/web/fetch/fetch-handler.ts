import { inCleanContext } from "../../../core/async-context.js";
import { type HandledServer, HandledServices } from "../handled-services.js";
import { type HandlerOptions, resolveHandlerOptions } from "../handler-options.js";
import { refuseHttp, serveExchange } from "../serve-exchange.js";
import { FetchExchange } from "./fetch-exchange.js";

/** What a host may tell of a request. */
export interface FetchHandlerContext {
  /** `address:port` of the client: what `peer` says to handlers. Default "unknown". */
  readonly peer?: string | undefined;
}

/**
 * Answers requests as the Fetch standard has them. Never rejects; a path of no method is 404. Frameworks such as Next give an object of
 * their own as the second argument: it is taken, and nothing is read from it but `peer`.
 */
export type FetchHandler = (request: Request, context?: FetchHandlerContext | object) => Promise<Response>;

/** @see `fetchHandler` of `gen-stubs-runtime/web-server` */
export function fetchHandlerOf(server: HandledServer, options: HandlerOptions): FetchHandler {
  const services = new HandledServices(server, resolveHandlerOptions(options, "fetchHandler"));
  return async (request, context) => {
    const { pathname } = new URL(request.url);
    const path = services.pathOf(pathname);
    if (path === undefined || !services.has(path)) return answer(404, "No method has this path.\n");
    const service = services.service ?? (await services.load());
    const { home } = services;
    const peer = peerOf(context);
    const exchange = new FetchExchange(request, path, peer, services.maxMetadataBytes);
    // Handlers run outside of any call's asynchronous context (P18).
    inCleanContext(() => {
      if (home.closed) refuseHttp(exchange, 503, "The server is shutting down.");
      else if (exchange.wasRead)
        refuseHttp(exchange, 500, "The body of the request was read before fetchHandler saw it.");
      else serveExchange(exchange, service, home);
    });
    try {
      return await exchange.response;
    } catch {
      return answer(499, "The client is gone.\n");
    }
  };
}

function answer(status: number, text: string): Response {
  return new Response(text, { status, headers: { "content-type": "text/plain" } });
}

/** The second argument may be anything of a framework's: only a text is a peer. */
function peerOf(context: object | undefined): string {
  return context !== undefined && "peer" in context && typeof context.peer === "string" ? context.peer : "unknown";
}
