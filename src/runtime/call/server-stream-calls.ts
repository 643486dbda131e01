import { rejected } from "../core/deferred.js";
import { status as Status } from "../core/metadata.js";
import type { AnyMethod } from "../core/method.js";
import { RpcError } from "../core/rpc-error.js";
import type { ServerStream } from "../transport/transport.js";
import { MessageQueue } from "../wire/message-queue.js";
import { BatchIterator, MessageIterator } from "./message-iterator.js";
import { messageOf, SendGate } from "./send-gate.js";
import { type HandlerErrorListener, okStatus, ServerCallBase } from "./server-call.js";
import { pumpOutcome } from "./server-pump.js";
import type { ServerDuplex, ServerReader } from "./server-types.js";

/** A call with a stream of requests. */
abstract class StreamRequestCall<In, OutInit> extends ServerCallBase<In, OutInit> {
  readonly #queue = new MessageQueue<In>();

  constructor(stream: ServerStream<OutInit>, method: AnyMethod, onError: HandlerErrorListener) {
    super(stream, method, onError);
    this.#queue.source = stream;
  }

  recv(): Promise<In | undefined> {
    return this.#queue.recv();
  }

  batches(): AsyncIterable<In[]> {
    return new BatchIterator(this.#queue, this);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<In, undefined> {
    return new MessageIterator(this.#queue, this);
  }

  /** A handler that stops reading may still answer; what comes next waits for another reader, or for the end. */
  left(): void {}

  onMessages(batch: In[]): void {
    this.#queue.push(batch);
  }

  onHalfClose(): void {
    this.#queue.end();
  }

  protected ended(error: RpcError | undefined): void {
    if (this.cancelled === undefined) this.#queue.clear();
    this.#queue.fail(() => error ?? new RpcError(Status.CANCELLED, "the handler has ended the call"));
  }
}

/** Many requests, one response. */
export class ReaderServerCall<In, OutInit> extends StreamRequestCall<In, OutInit> implements ServerReader<In, OutInit> {
  #outcome: RpcError | "ok" | undefined;

  /** Runs the handler: the call's messages come while it runs. */
  begin(handler: (call: ServerReader<In, OutInit>) => unknown): this {
    this.run(() => handler(this));
    return this;
  }

  sendAndClose(message: OutInit): Promise<void> {
    if (this.#outcome === "ok") {
      return rejected(new RpcError(Status.INTERNAL, "sendAndClose was called a second time"));
    }
    if (this.#outcome !== undefined) return rejected(this.#outcome);
    try {
      this.stream.write(message);
    } catch (cause) {
      const error = new RpcError(Status.INTERNAL, `the message cannot be encoded: ${messageOf(cause)}`, { cause });
      this.broken(error);
      return rejected(error);
    }
    this.finish(okStatus());
    return SENT;
  }

  protected completed(): void {
    if (this.isOver) return;
    const details = `cardinality violation: the handler of ${this.method.path} returned without sendAndClose`;
    this.broken(new RpcError(Status.INTERNAL, details));
  }

  protected override ended(error: RpcError | undefined): void {
    this.#outcome = error ?? "ok";
    super.ended(error);
  }
}

/** A stream each way. */
export class DuplexServerCall<In, OutInit> extends StreamRequestCall<In, OutInit> implements ServerDuplex<In, OutInit> {
  readonly #gate: SendGate<OutInit> = new SendGate(this);

  /** Runs the handler: the call's messages come while it runs. */
  begin(handler: (call: ServerDuplex<In, OutInit>) => unknown): this {
    this.run(() => pumpOutcome(handler(this), this));
    return this;
  }

  send(message: OutInit): Promise<boolean> {
    return this.#gate.send(message, this.stream);
  }

  sendAll(messages: Iterable<OutInit> | AsyncIterable<OutInit>): Promise<boolean> {
    return this.#gate.sendAll(messages, this);
  }

  encodingFailed(error: RpcError): void {
    this.broken(error);
  }

  override onDrain(): void {
    this.#gate.onDrain();
  }

  protected completed(): void {
    this.finish(okStatus());
  }

  protected override ended(error: RpcError | undefined): void {
    this.#gate.end(error);
    super.ended(error);
  }
}

const SENT = Promise.resolve();
