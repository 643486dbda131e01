import type { AnyMethod } from "../../core/method.js";
import { RpcError } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type { ServerStream } from "../../transport/transport.js";
import { MessageIterator } from "../message-iterator.js";
import { ReceivingHalf } from "../receiving-half.js";
import { ServerCallCore } from "./call-core.js";
import type { ServerCallParts } from "./call-parts.js";
import type { ServiceRules } from "./service-rules.js";

/** A call with a stream of requests, as its core and the object in the handler's hands see it. Its handler starts before any has arrived. */
export abstract class RequestStream<In, OutInit> implements ServerCallParts {
  readonly core: ServerCallCore<In, OutInit>;
  readonly #receiving: ReceivingHalf<In>;

  constructor(stream: ServerStream<In, OutInit>, method: AnyMethod, rules: ServiceRules) {
    this.core = new ServerCallCore(stream, method, this, rules);
    this.#receiving = new ReceivingHalf(this.core);
    this.#receiving.source = this.core.received;
  }

  get compressed(): boolean | undefined {
    return this.#receiving.compressed;
  }

  recv(): Promise<In | undefined> {
    return this.#receiving.recv();
  }

  batches(): AsyncIterableIterator<In[], undefined> {
    return new MessageIterator(this.#receiving.batches, this);
  }

  messages(): AsyncIterableIterator<In, undefined> {
    return new MessageIterator(this.#receiving, this);
  }

  /** Leaving a `for await` does not end the call: the handler may still answer, or read on. */
  left(): void {}

  opened(): void {
    this.core.run();
  }

  abstract callHandler(): unknown;

  abstract completed(outcome: unknown): Promise<void> | undefined;

  onReadable(): void {
    this.#receiving.onReadable();
  }

  onHalfClose(): void {
    this.#receiving.end();
  }

  onDrain(): void {}

  ended(error: (() => RpcError) | undefined, dropped: boolean): void {
    // What came before a cancel may still be read (P3); what the handler has not read when it ends the call, never will be.
    if (!dropped) this.#receiving.drop();
    this.#receiving.fail(error ?? endedByHandler);
  }
}

function endedByHandler(): RpcError {
  return new RpcError(Status.CANCELLED, "the handler has ended the call");
}
