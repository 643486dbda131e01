import type { Method } from "../core/method.js";
import type { Channel } from "../transport/transport.js";
import type { CallOptions } from "./call-options.js";
import type { ClientDuplex, ClientReader, ClientWriter } from "./client-types.js";

/** Calls a unary method. */
export function callUnary<In, InInit, Out, OutInit>(
  _channel: Channel,
  _method: Method<"unary", In, InInit, Out, OutInit>,
  _request: InInit,
  _options?: CallOptions,
): Promise<Out> {
  throw new Error("not yet");
}

/** Calls a server-streaming method. */
export function callServerStreaming<In, InInit, Out, OutInit>(
  _channel: Channel,
  _method: Method<"server_streaming", In, InInit, Out, OutInit>,
  _request: InInit,
  _options?: CallOptions,
): ClientReader<Out> {
  throw new Error("not yet");
}

/** Calls a client-streaming method. */
export function callClientStreaming<In, InInit, Out, OutInit>(
  _channel: Channel,
  _method: Method<"client_streaming", In, InInit, Out, OutInit>,
  _options?: CallOptions,
): ClientWriter<InInit, Out> {
  throw new Error("not yet");
}

/** Calls a bidirectional method. */
export function callBidiStreaming<In, InInit, Out, OutInit>(
  _channel: Channel,
  _method: Method<"bidi_streaming", In, InInit, Out, OutInit>,
  _options?: CallOptions,
): ClientDuplex<InInit, Out> {
  throw new Error("not yet");
}
