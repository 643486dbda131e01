import { ignore } from "../../core/deferred.js";
import type { AnyMethod } from "../../core/method.js";
import { type RpcError, statusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type { ServerListener, ServerStream } from "../../transport/transport.js";
import { SendingHalf } from "../sending-half.js";
import { SingleMessage } from "../single-message.js";
import { ServerCallCore, type ServerCallParts, type ServiceRules } from "./call-core.js";
import { ServerCallObject } from "./call-object.js";
import { sendOutcome } from "./streamed-outcome.js";
import type { ServerCall, ServerWriter } from "./types.js";
import { requestOf } from "./unary.js";

/** One request, a stream of responses. */
export function serveWriter<In, OutInit>(
  stream: ServerStream<In, OutInit>,
  method: AnyMethod,
  rules: ServiceRules,
  handler: (request: In, call: ServerWriter<OutInit>) => unknown,
): ServerListener {
  const { core } = new WriterParts(stream, method, rules, handler);
  core.open(ignore);
  return core;
}

class WriterParts<In, OutInit> implements ServerCallParts {
  readonly core: ServerCallCore<In, OutInit>;
  readonly sending: SendingHalf<OutInit>;
  readonly #receiving: SingleMessage<In>;
  readonly #handler: (request: In, call: ServerWriter<OutInit>) => unknown;
  readonly #object: Writer<OutInit>;

  constructor(
    stream: ServerStream<In, OutInit>,
    method: AnyMethod,
    rules: ServiceRules,
    handler: (request: In, call: ServerWriter<OutInit>) => unknown,
  ) {
    this.core = new ServerCallCore(stream, method, this, rules);
    this.sending = new SendingHalf(this.core);
    this.sending.sink = this.core;
    this.#receiving = new SingleMessage(this.core);
    this.#receiving.source = this.core.received;
    this.#handler = handler;
    this.#object = new Writer(this.core, this.sending);
    this.core.object = this.#object;
  }

  get compressed(): boolean | undefined {
    return this.#receiving.compressed;
  }

  onReadable(): void {
    this.#receiving.onReadable();
  }

  onHalfClose(): void {
    const { core, sending } = this;
    core.run(
      () => sendOutcome(this.#handler(requestOf(core, this.#receiving), this.#object), sending, core),
      () => core.finish(statusObject(Status.OK, "")),
    );
  }

  onDrain(): void {
    this.sending.onDrain();
  }

  ended(error: (() => RpcError) | undefined): void {
    this.sending.end(error);
  }
}

/** What `ServerWriter` says, and nothing else. */
class Writer<OutInit> extends ServerCallObject implements ServerWriter<OutInit> {
  readonly #sending: SendingHalf<OutInit>;

  constructor(core: ServerCall, sending: SendingHalf<OutInit>) {
    super(core);
    this.#sending = sending;
  }

  send(message: OutInit): Promise<boolean> {
    return this.#sending.send(message);
  }

  sendAll(messages: Iterable<OutInit> | AsyncIterable<OutInit>): Promise<boolean> {
    return this.#sending.sendAll(messages);
  }
}
