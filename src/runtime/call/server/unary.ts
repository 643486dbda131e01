import type { AnyMethod } from "../../core/method.js";
import { RpcError, statusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type { ServerListener, ServerStream } from "../../transport/transport.js";
import { notSent } from "../sending-half.js";
import { SingleMessage } from "../single-message.js";
import { ServerCallCore } from "./call-core.js";
import { ServerCallObject } from "./call-object.js";
import type { ServerCallParts } from "./call-parts.js";
import type { ServiceRules } from "./service-rules.js";
import type { ServerCall } from "./types.js";

/** One request, one response. */
export function serveUnary<In, OutInit>(
  stream: ServerStream<In, OutInit>,
  method: AnyMethod,
  rules: ServiceRules,
  handler: (request: In, call: ServerCall) => unknown,
): ServerListener {
  const { core } = new UnaryParts(stream, method, rules, handler);
  core.open();
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

  opened(): void {}

  callHandler(): unknown {
    return this.#handler(requestOf(this.core, this.#receiving), this.core.object);
  }

  completed(response: unknown): undefined {
    respond(this.core, response);
  }

  onReadable(): void {
    this.#receiving.onReadable();
  }

  onHalfClose(): void {
    this.core.run();
  }

  onDrain(): void {}

  ended(): void {}
}

/** The one request. Throws where none came, which ends the call as an error of the handler does. */
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
