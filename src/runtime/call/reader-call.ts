import { rejected } from "../core/deferred.js";
import { status as Status } from "../core/metadata.js";
import type { Method, MethodKind } from "../core/method.js";
import type { RpcError } from "../core/rpc-error.js";
import type { Channel } from "../transport/transport.js";
import { MessageQueue } from "../wire/message-queue.js";
import type { CallOptions } from "./call-options.js";
import { ClientCallBase } from "./client-call.js";
import type { ClientDuplex, ClientReader } from "./client-types.js";
import { BatchIterator, MessageIterator } from "./message-iterator.js";
import { messageOf, SendGate } from "./send-gate.js";

/** A call with a stream of responses. */
export class ReaderCall<InInit, Out> extends ClientCallBase<InInit, Out> implements ClientReader<Out> {
  readonly #queue = new MessageQueue<Out>();

  override begin(
    channel: Channel,
    method: Method<MethodKind, unknown, InInit, Out, never>,
    options: CallOptions,
  ): void {
    super.begin(channel, method, options);
    this.#queue.source = this.stream;
    if (options.idleTimeoutMs !== undefined) this.#queue.onEmpty = () => this.touch();
  }

  /** Sends the one request of a server-streaming call. */
  request(message: InInit): void {
    try {
      this.stream.write(message);
      this.stream.closeSend();
    } catch (cause) {
      this.end(Status.INTERNAL, `the message cannot be encoded: ${messageOf(cause)}`, cause);
    }
  }

  recv(): Promise<Out | undefined> {
    return this.#queue.recv();
  }

  batches(): AsyncIterable<Out[]> {
    return new BatchIterator(this.#queue, this);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Out, undefined> {
    return new MessageIterator(this.#queue, this);
  }

  /** A `for await` was left: nobody wants the rest. */
  left(): void {
    this.cancel();
    this.#queue.clear();
  }

  override get isBehind(): boolean {
    return this.#queue.hasMessages;
  }

  protected override received(batch: Out[]): void {
    this.#queue.push(batch);
  }

  protected override ended(error: RpcError | undefined, dropped: boolean): void {
    if (dropped) this.#queue.clear();
    if (error === undefined) this.#queue.end();
    else this.#queue.fail(() => error);
  }
}

/** A call with a stream each way. */
export class DuplexCall<InInit, Out> extends ReaderCall<InInit, Out> implements ClientDuplex<InInit, Out> {
  readonly #gate: SendGate<InInit> = new SendGate(this);
  #error: RpcError | undefined;

  send(message: InInit): Promise<boolean> {
    return this.#gate.send(message, this.stream);
  }

  sendAll(messages: Iterable<InInit> | AsyncIterable<InInit>): Promise<boolean> {
    return this.#gate.sendAll(messages, this);
  }

  closeSend(): Promise<void> {
    if (this.#error !== undefined) return rejected(this.#error);
    if (!this.isOver) {
      this.#gate.closeSend();
      this.stream.closeSend();
    }
    return CLOSED;
  }

  encodingFailed(error: RpcError): void {
    this.end(error.code, error.details, error.cause);
  }

  override onDrain(): void {
    super.onDrain();
    this.#gate.onDrain();
  }

  protected override ended(error: RpcError | undefined, dropped: boolean): void {
    super.ended(error, dropped);
    this.#error = error;
    this.#gate.end(error);
  }
}

const CLOSED = Promise.resolve();
