import type { AnyMethod, Method, MethodKind } from "../core/method.js";
import type { Service } from "../core/service.js";
import type { MethodServer, ServerListener, ServerStream } from "../transport/transport.js";
import type { HandlerErrorListener } from "./server-call.js";
import { UnaryServerCall, WriterServerCall } from "./server-single.js";
import { DuplexServerCall, ReaderServerCall } from "./server-stream-calls.js";

/** The user's handlers by name; what they take and return is the service's type's business. */
type Handlers = Readonly<Record<string, unknown>>;
type AnyHandler = (this: unknown, ...args: unknown[]) => unknown;

/**
 * What answers the methods of a service, by path. Throws a TypeError where a handler is missing: `this` inside a handler
 * is `handlers`, so a class instance serves as well as a plain object.
 */
export function methodServers<H extends object>(
  service: Service<H>,
  handlers: H,
  onError: HandlerErrorListener = warn,
): Map<string, MethodServer> {
  const servers = new Map<string, MethodServer>();
  for (const [name, method] of service.methods) {
    const handler = (handlers as Handlers)[name]; // by the name the service gives it
    if (typeof handler !== "function") {
      throw new TypeError(`the handlers of ${service.typeName} lack the method "${name}" (${method.path})`);
    }
    servers.set(method.path, new HandlerServer(method, handlers, handler as AnyHandler, onError));
  }
  return servers;
}

/** One handler as a transport sees it. */
class HandlerServer implements MethodServer {
  readonly method: Method<MethodKind, unknown, never, unknown, never>;
  readonly #handlers: object;
  readonly #handler: AnyHandler;
  readonly #onError: HandlerErrorListener;

  constructor(method: AnyMethod, handlers: object, handler: AnyHandler, onError: HandlerErrorListener) {
    this.method = method;
    this.#handlers = handlers;
    this.#handler = handler;
    this.#onError = onError;
  }

  accept(stream: ServerStream<never>): ServerListener<unknown> {
    const handler = this.#handler;
    const handlers = this.#handlers;
    switch (this.method.kind) {
      case "unary":
        return new UnaryServerCall(stream, this.method, this.#onError, (request, call) =>
          handler.call(handlers, request, call),
        );
      case "server_streaming":
        return new WriterServerCall(stream, this.method, this.#onError, (request, call) =>
          handler.call(handlers, request, call),
        );
      case "client_streaming":
        return new ReaderServerCall(stream, this.method, this.#onError).begin((call) => handler.call(handlers, call));
      case "bidi_streaming":
        return new DuplexServerCall(stream, this.method, this.#onError).begin((call) => handler.call(handlers, call));
    }
  }
}

/** Where nobody listens to the errors of handlers they become warnings of the process. */
const warn: HandlerErrorListener = (error, call) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(`the handler of ${call.method.path} failed: ${text}`, "GenStubsWarning");
};
