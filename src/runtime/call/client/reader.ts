import { takeCallSite } from "../../core/call-site.js";
import type { Method } from "../../core/method.js";
import type { Channel } from "../../transport/transport.js";
import { ClientCallObject } from "./call-object.js";
import { type CallOptions, NO_OPTIONS } from "./call-options.js";
import { ResponseStream } from "./response-stream.js";
import type { ClientReader } from "./types.js";

/** Calls a server-streaming method. */
export function callServerStreaming<In, InInit, Out, OutInit>(
  channel: Channel,
  method: Method<"server_streaming", In, InInit, Out, OutInit>,
  request: InInit,
  options: CallOptions = NO_OPTIONS,
): ClientReader<Out> {
  const call = new ResponseStream<InInit, Out>(method, options, takeCallSite(callServerStreaming));
  call.core.begin(channel);
  call.core.request(request);
  return new Reader(call);
}

/** The object that users get: the members of `ClientReader` only. */
class Reader<InInit, Out> extends ClientCallObject implements ClientReader<Out> {
  readonly #stream: ResponseStream<InInit, Out>;

  constructor(stream: ResponseStream<InInit, Out>) {
    super(stream.core);
    this.#stream = stream;
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
