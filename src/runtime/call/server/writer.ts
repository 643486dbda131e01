import type { AnyMethod } from "../../core/method.js";
import type { RpcError } from "../../core/rpc-error.js";
import type { ServerListener, ServerStream } from "../../transport/transport.js";
import { SendingHalf } from "../sending-half.js";
import { SingleMessage } from "../single-message.js";
import { ServerCallCore } from "./call-core.js";
import { ServerCallObject } from "./call-object.js";
import type { ServerCallParts } from "./call-parts.js";
import type { ServiceRules } from "./service-rules.js";
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
  core.open();
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

  opened(): void {}

  callHandler(): unknown {
    return Promise.resolve(this.#handler(requestOf(this.core, this.#receiving), this.#object));
  }

  completed(outcome: unknown): Promise<void> | undefined {
    return sendOutcome(outcome, this.sending, this.core);
  }

  onReadable(): void {
    this.#receiving.onReadable();
  }

  onHalfClose(): void {
    this.core.run();
  }

  onDrain(): void {
    this.sending.onDrain();
  }

  ended(error: (() => RpcError) | undefined): void {
    this.sending.end(error);
  }
}

/** The object that handlers get: the members of `ServerWriter` only. */
class Writer<OutInit> extends ServerCallObject implements ServerWriter<OutInit> {
  readonly #sending: SendingHalf<OutInit>;

  constructor(core: { readonly surface: ServerCall }, sending: SendingHalf<OutInit>) {
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
