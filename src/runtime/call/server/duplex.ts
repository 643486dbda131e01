import type { AnyMethod } from "../../core/method.js";
import { type RpcError, statusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type { ServerListener, ServerStream } from "../../transport/transport.js";
import { SendingHalf } from "../sending-half.js";
import type { ServiceRules } from "./call-core.js";
import { ServerCallObject } from "./call-object.js";
import { RequestStream } from "./request-stream.js";
import { sendOutcome } from "./streamed-outcome.js";
import type { ServerDuplex } from "./types.js";

/** A stream each way. The handler runs at once: the call's messages come while it runs. */
export function serveDuplex<In, OutInit>(
  stream: ServerStream<In, OutInit>,
  method: AnyMethod,
  rules: ServiceRules,
  handler: (call: ServerDuplex<In, OutInit>) => unknown,
): ServerListener {
  const call = new DuplexCall<In, OutInit>(stream, method, rules);
  const { core, sending } = call;
  sending.sink = core;
  const object = new Duplex(call);
  core.object = object;
  core.open(() =>
    core.run(
      () => sendOutcome(handler(object), sending, core),
      () => core.finish(statusObject(Status.OK, "")),
    ),
  );
  return core;
}

class DuplexCall<In, OutInit> extends RequestStream<In, OutInit> {
  readonly sending: SendingHalf<OutInit> = new SendingHalf(this.core);

  override onDrain(): void {
    this.sending.onDrain();
  }

  override ended(error: (() => RpcError) | undefined, dropped: boolean): void {
    this.sending.end(error);
    super.ended(error, dropped);
  }
}

/** What `ServerDuplex` says, and nothing else. */
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
