import { takeCallSite } from "../../core/call-site.js";
import { rejected } from "../../core/deferred.js";
import type { Method } from "../../core/method.js";
import type { Channel, ClientStream } from "../../transport/transport.js";
import { SendingHalf } from "../sending-half.js";
import { ClientCallObject } from "./call-object.js";
import { type CallOptions, NO_OPTIONS } from "./call-options.js";
import type { ErrorOfCall } from "./call-parts.js";
import { NO_STREAM } from "./no-stream.js";
import { ResponseStream } from "./response-stream.js";
import type { ClientDuplex } from "./types.js";

/** Calls a bidirectional method. */
export function callBidiStreaming<In, InInit, Out, OutInit>(
  channel: Channel,
  method: Method<"bidi_streaming", In, InInit, Out, OutInit>,
  options: CallOptions = NO_OPTIONS,
): ClientDuplex<InInit, Out> {
  const call = new DuplexStream<InInit, Out>(method, options, takeCallSite(callBidiStreaming));
  call.core.begin(channel);
  return new Duplex(call);
}

const CLOSED = Promise.resolve();

/** A stream of responses with a sending half beside it. */
class DuplexStream<InInit, Out> extends ResponseStream<InInit, Out> {
  readonly sending: SendingHalf<InInit> = new SendingHalf(this.core);
  #stream: ClientStream<InInit, Out> = NO_STREAM;

  closeSend(): Promise<void> {
    if (this.core.failed) return rejected(this.core.error());
    if (!this.core.isOver) {
      this.sending.closeSend();
      this.#stream.closeSend();
    }
    return CLOSED;
  }

  override begun(stream: ClientStream<InInit, Out>): void {
    super.begun(stream);
    this.#stream = stream;
    this.sending.sink = stream;
  }

  override onDrain(): void {
    this.sending.onDrain();
  }

  override ended(error: ErrorOfCall | undefined, dropped: boolean): void {
    super.ended(error, dropped);
    this.sending.end(error);
  }
}

/** The object that users get: the members of `ClientDuplex` only. */
class Duplex<InInit, Out> extends ClientCallObject implements ClientDuplex<InInit, Out> {
  readonly #stream: DuplexStream<InInit, Out>;

  constructor(stream: DuplexStream<InInit, Out>) {
    super(stream.core);
    this.#stream = stream;
  }

  send(message: InInit): Promise<boolean> {
    return this.#stream.sending.send(message);
  }

  sendAll(messages: Iterable<InInit> | AsyncIterable<InInit>): Promise<boolean> {
    return this.#stream.sending.sendAll(messages);
  }

  closeSend(): Promise<void> {
    return this.#stream.closeSend();
  }

  recv(): Promise<Out | undefined> {
    return this.#stream.recv();
  }

  batches(): AsyncIterable<Out[]> {
    return this.#stream.batches();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Out, undefined> {
    return this.#stream.messages();
  }
}
