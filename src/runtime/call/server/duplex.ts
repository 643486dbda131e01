import type { AnyMethod } from "../../core/method.js";
import type { RpcError } from "../../core/rpc-error.js";
import type { ServerListener, ServerStream } from "../../transport/transport.js";
import { SendingHalf } from "../sending-half.js";
import { ServerCallObject } from "./call-object.js";
import { RequestStream } from "./request-stream.js";
import type { ServiceRules } from "./service-rules.js";
import { sendOutcome } from "./streamed-outcome.js";
import type { ServerDuplex } from "./types.js";

/** A bidirectional call. */
export function serveDuplex<In, OutInit>(
  stream: ServerStream<In, OutInit>,
  method: AnyMethod,
  rules: ServiceRules,
  handler: (call: ServerDuplex<In, OutInit>) => unknown,
): ServerListener {
  const { core } = new DuplexCall<In, OutInit>(stream, method, rules, handler);
  core.open();
  return core;
}

class DuplexCall<In, OutInit> extends RequestStream<In, OutInit> {
  readonly sending: SendingHalf<OutInit> = new SendingHalf(this.core);
  readonly #handler: (call: ServerDuplex<In, OutInit>) => unknown;
  readonly #object: ServerDuplex<In, OutInit>;

  constructor(
    stream: ServerStream<In, OutInit>,
    method: AnyMethod,
    rules: ServiceRules,
    handler: (call: ServerDuplex<In, OutInit>) => unknown,
  ) {
    super(stream, method, rules);
    this.sending.sink = this.core;
    this.#handler = handler;
    this.#object = new Duplex(this);
    this.core.object = this.#object;
  }

  callHandler(): unknown {
    return Promise.resolve(this.#handler(this.#object));
  }

  completed(outcome: unknown): Promise<void> | undefined {
    return sendOutcome(outcome, this.sending, this.core);
  }

  override onDrain(): void {
    this.sending.onDrain();
  }

  override ended(error: (() => RpcError) | undefined, dropped: boolean): void {
    this.sending.end(error);
    super.ended(error, dropped);
  }
}

/** The object that handlers get: the members of `ServerDuplex` only. */
class Duplex<In, OutInit> extends ServerCallObject implements ServerDuplex<In, OutInit> {
  readonly #call: DuplexCall<In, OutInit>;

  constructor(call: DuplexCall<In, OutInit>) {
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

  send(message: OutInit): Promise<boolean> {
    return this.#call.sending.send(message);
  }

  sendAll(messages: Iterable<OutInit> | AsyncIterable<OutInit>): Promise<boolean> {
    return this.#call.sending.sendAll(messages);
  }
}
