import { ignore } from "../../core/deferred.js";
import type { AnyMethod } from "../../core/method.js";
import { RpcError, statusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type { ServerListener, ServerStream } from "../../transport/transport.js";
import { notSent } from "../sending-half.js";
import { SingleMessage } from "../single-message.js";
import { ServerCallCore, type ServerCallParts, type ServiceRules } from "./call-core.js";
import { ServerCallObject } from "./call-object.js";
import type { ServerCall } from "./types.js";

/** One request, one response. */
export function serveUnary<In, OutInit>(
  stream: ServerStream<In, OutInit>,
  method: AnyMethod,
  rules: ServiceRules,
  handler: (request: In, call: ServerCall) => unknown,
): ServerListener {
  const { core } = new UnaryParts(stream, method, rules, handler);
  core.open(ignore);
  return core;
}

class UnaryParts<In, OutInit> implements ServerCallParts {
  readonly core: ServerCallCore<In, OutInit>;
  readonly #receiving: SingleMessage<In>;
  readonly #handler: (request: In, call: ServerCall) => unknown;

  constructor(
    stream: ServerStream<In, OutInit>,
    method: AnyMethod,
    rules: ServiceRules,
    handler: (request: In, call: ServerCall) => unknown,
  ) {
    this.core = new ServerCallCore(stream, method, this, rules);
    this.core.object = new ServerCallObject(this.core);
    this.#receiving = new SingleMessage(this.core);
    this.#receiving.source = this.core.received;
    this.#handler = handler;
  }

  get compressed(): boolean | undefined {
    return this.#receiving.compressed;
  }

  onReadable(): void {
    this.#receiving.onReadable();
  }

  onHalfClose(): void {
    const { core } = this;
    core.run(
      () => this.#handler(requestOf(core, this.#receiving), core.object),
      (response) => respond(core, response),
    );
  }

  onDrain(): void {}

  ended(): void {}
}

/** The one request. Throws where none came, as a handler would: the call ends with that. */
export function requestOf<In, OutInit>(core: ServerCallCore<In, OutInit>, receiving: SingleMessage<In>): In {
  if (receiving.complete) return receiving.message;
  throw new RpcError(Status.UNIMPLEMENTED, `${core.method.path} takes one request, but none came`);
}

/** Sends the one response, and ends the call with OK. */
export function respond<In, OutInit>(core: ServerCallCore<In, OutInit>, response: unknown): void {
  if (core.isOver) return;
  if (response === undefined || response === null) {
    core.broken(new RpcError(Status.INTERNAL, `the handler of ${core.method.path} returned no message`));
    return;
  }
  try {
    core.write(response as OutInit); // the codec throws where it is not
  } catch (cause) {
    const { code, details } = notSent(cause);
    core.broken(new RpcError(code, `the response of ${core.method.path}: ${details}`, { cause }));
    return;
  }
  core.finish(statusObject(Status.OK, ""));
}
