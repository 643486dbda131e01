import { takeCallSite } from "../../core/call-site.js";
import { Deferred, rejected } from "../../core/deferred.js";
import type { Method } from "../../core/method.js";
import type { Channel, ClientStream } from "../../transport/transport.js";
import { SendingHalf } from "../sending-half.js";
import { ClientCallObject } from "./call-object.js";
import { type CallOptions, NO_OPTIONS } from "./call-options.js";
import type { ErrorOfCall } from "./call-parts.js";
import { NO_STREAM } from "./no-stream.js";
import { SingleResponse } from "./single-response.js";
import type { ClientWriter } from "./types.js";

/** Calls a client-streaming method. */
export function callClientStreaming<In, InInit, Out, OutInit>(
  channel: Channel,
  method: Method<"client_streaming", In, InInit, Out, OutInit>,
  options: CallOptions = NO_OPTIONS,
): ClientWriter<InInit, Out> {
  const call = new WriterCall<InInit, Out>(method, options, takeCallSite(callClientStreaming));
  call.core.begin(channel);
  return new Writer(call);
}

/** Many requests, one response. */
class WriterCall<InInit, Out> extends SingleResponse<InInit, Out> {
  readonly sending: SendingHalf<InInit> = new SendingHalf(this.core);
  #stream: ClientStream<InInit, Out> = NO_STREAM;
  #closed = false;
  #promise: Deferred<Out> | undefined;

  closeAndRecv(): Promise<Out> {
    if (!this.#closed && !this.core.isOver) {
      this.#closed = true;
      this.sending.closeSend();
      this.#stream.closeSend();
    }
    if (this.#promise === undefined) {
      if (this.core.failed) return rejected(this.core.error());
      if (this.core.isOver) return Promise.resolve(this.response);
      this.#promise = new Deferred();
    }
    return this.#promise.promise;
  }

  override begun(stream: ClientStream<InInit, Out>): void {
    super.begun(stream);
    this.#stream = stream;
    // The server sends nothing before its response, so what this side sends restarts the idle time.
    this.sending.sink = this.core.watchesSilence ? { write: (message) => this.#noted(stream, message) } : stream;
  }

  override onDrain(): void {
    this.sending.onDrain();
  }

  #noted(stream: ClientStream<InInit, Out>, message: InInit): boolean {
    this.core.touch();
    return stream.write(message);
  }

  ended(error: ErrorOfCall | undefined): void {
    if (error === undefined) this.#promise?.resolve(this.response);
    else this.#promise?.reject(error());
    this.sending.end(error);
  }
}

/** The object that users get: the members of `ClientWriter` only. */
class Writer<InInit, Out> extends ClientCallObject implements ClientWriter<InInit, Out> {
  readonly #call: WriterCall<InInit, Out>;

  constructor(call: WriterCall<InInit, Out>) {
    super(call.core);
    this.#call = call;
  }

  send(message: InInit): Promise<boolean> {
    return this.#call.sending.send(message);
  }

  sendAll(messages: Iterable<InInit> | AsyncIterable<InInit>): Promise<boolean> {
    return this.#call.sending.sendAll(messages);
  }

  closeAndRecv(): Promise<Out> {
    return this.#call.closeAndRecv();
  }
}
