import type { AnyMethod, Method, MethodKind } from "../../core/method.js";
import type { Service } from "../../core/service.js";
import type { MethodServer, ServerListener, ServerStream } from "../../transport/transport.js";
import { checkInterceptors } from "../check-interceptors.js";
import { isObserved } from "../observed-call.js";
import { serveDuplex } from "./duplex.js";
import { acceptObserved } from "./observed-stream.js";
import { serveReader } from "./reader.js";
import type { HandlerErrorListener, ServiceRules } from "./service-rules.js";
import { serveUnary } from "./unary.js";
import { warn } from "./warn.js";
import { serveWriter } from "./writer.js";

/** The user's handlers by name. The type of the service checks what they take and return. */
type Handlers = Readonly<Record<string, unknown>>;
type AnyHandler = (this: unknown, ...args: unknown[]) => unknown;

/**
 * What answers the methods of a service, by path. Throws a TypeError where a handler is missing: `this` inside a handler
 * is `handlers`, so a class instance serves as well as a plain object.
 */
export function methodServers<H extends object>(
  service: Service<H>,
  handlers: H,
  given: Partial<ServiceRules> = {},
): Map<string, MethodServer> {
  const { onError = warnOfHandler, interceptors = [], admission } = given;
  checkInterceptors(interceptors);
  const rules = { onError, interceptors, admission };
  const servers = new Map<string, MethodServer>();
  for (const [name, method] of service.methods) {
    const handler = (handlers as Handlers)[name]; // by the name the service gives it
    if (typeof handler !== "function") {
      throw new TypeError(`the handlers of ${service.typeName} lack the method "${name}" (${method.path})`);
    }
    servers.set(method.path, new HandlerServer(method, handlers, handler as AnyHandler, rules));
  }
  return servers;
}

/** One handler as a transport sees it. */
class HandlerServer implements MethodServer {
  readonly method: Method<MethodKind, unknown, never, unknown, never>;
  readonly #handler: AnyHandler;
  readonly #rules: ServiceRules;

  constructor(method: AnyMethod, handlers: object, handler: AnyHandler, rules: ServiceRules) {
    this.method = method;
    this.#handler = handler.bind(handlers);
    this.#rules = rules;
  }

  accept(stream: ServerStream<unknown, never>): ServerListener {
    if (isObserved()) return acceptObserved(stream, this.method, (observed) => this.#serve(observed));
    return this.#serve(stream);
  }

  #serve(stream: ServerStream<unknown, never>): ServerListener {
    switch (this.method.kind) {
      case "unary":
        return serveUnary(stream, this.method, this.#rules, this.#handler);
      case "server_streaming":
        return serveWriter(stream, this.method, this.#rules, this.#handler);
      case "client_streaming":
        return serveReader(stream, this.method, this.#rules, this.#handler);
      case "bidi_streaming":
        return serveDuplex(stream, this.method, this.#rules, this.#handler);
    }
  }
}

/** Where nobody listens to the errors of handlers they become warnings. */
const warnOfHandler: HandlerErrorListener = (error, call) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  warn(`the handler of ${call.method.path} failed: ${text}`);
};
