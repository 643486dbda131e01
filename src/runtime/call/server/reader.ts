import { rejected } from "../../core/deferred.js";
import type { AnyMethod } from "../../core/method.js";
import { RpcError, statusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type { ServerListener, ServerStream } from "../../transport/transport.js";
import { notSent } from "../sending-half.js";
import { ServerCallObject } from "./call-object.js";
import { RequestStream } from "./request-stream.js";
import type { ServiceRules } from "./service-rules.js";
import type { ServerReader } from "./types.js";
import { respond } from "./unary.js";

/** A client-streaming call. */
export function serveReader<In, OutInit>(
  stream: ServerStream<In, OutInit>,
  method: AnyMethod,
  rules: ServiceRules,
  handler: (call: ServerReader<In, OutInit>) => unknown,
): ServerListener {
  const { core } = new ReaderCall<In, OutInit>(stream, method, rules, handler);
  core.open();
  return core;
}

const SENT = Promise.resolve();

class ReaderCall<In, OutInit> extends RequestStream<In, OutInit> {
  readonly #handler: (call: ServerReader<In, OutInit>) => unknown;
  readonly #object: ServerReader<In, OutInit>;
  #outcome: (() => RpcError) | "ok" | undefined;

  constructor(
    stream: ServerStream<In, OutInit>,
    method: AnyMethod,
    rules: ServiceRules,
    handler: (call: ServerReader<In, OutInit>) => unknown,
  ) {
    super(stream, method, rules);
    this.#handler = handler;
    this.#object = new Reader(this);
    this.core.object = this.#object;
  }

  callHandler(): unknown {
    return this.#handler(this.#object);
  }

  sendAndClose(message: OutInit): Promise<void> {
    if (this.#outcome === "ok") {
      return rejected(new RpcError(Status.INTERNAL, "sendAndClose was called a second time"));
    }
    if (this.#outcome !== undefined) return rejected(this.#outcome());
    try {
      this.core.write(message);
    } catch (cause) {
      const error = notSent(cause);
      this.core.sendFailed(error);
      return rejected(error);
    }
    this.core.finish(statusObject(Status.OK, ""));
    return SENT;
  }

  /** The handler is done: it has sent its response, or returned it. */
  completed(outcome: unknown): undefined {
    const { core } = this;
    if (core.isOver) return;
    if (outcome !== undefined) {
      respond(core, outcome);
      return;
    }
    const details = `cardinality violation: the handler of ${core.method.path} returned without sendAndClose, and no response`;
    core.broken(new RpcError(Status.INTERNAL, details));
  }

  override ended(error: (() => RpcError) | undefined, dropped: boolean): void {
    this.#outcome = error ?? "ok";
    super.ended(error, dropped);
  }
}

/** The object that handlers get: the members of `ServerReader` only. */
class Reader<In, OutInit> extends ServerCallObject implements ServerReader<In, OutInit> {
  readonly #call: ReaderCall<In, OutInit>;

  constructor(call: ReaderCall<In, OutInit>) {
    super(call.core);
    this.#call = call;
  }

  recv(): Promise<In | undefined> {
    return this.#call.recv();
  }

  batches(): AsyncIterable<In[]> {
    return this.#call.batches();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<In, undefined> {
    return this.#call.messages();
  }

  sendAndClose(message: OutInit): Promise<void> {
    return this.#call.sendAndClose(message);
  }
}
