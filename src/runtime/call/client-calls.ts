import type { Method } from "../core/method.js";
import type { Channel } from "../transport/transport.js";
import type { CallOptions } from "./call-options.js";
import type { ClientDuplex, ClientReader, ClientWriter } from "./client-types.js";
import { DuplexCall, ReaderCall } from "./reader-call.js";
import { UnaryCall, WriterCall } from "./response-call.js";

const NO_OPTIONS: CallOptions = {};

/** Calls a unary method. Rejects with an RpcError. */
export function callUnary<In, InInit, Out, OutInit>(
  channel: Channel,
  method: Method<"unary", In, InInit, Out, OutInit>,
  request: InInit,
  options: CallOptions = NO_OPTIONS,
): Promise<Out> {
  const call = new UnaryCall<InInit, Out>();
  call.begin(channel, method, options);
  return call.exchange(request);
}

/** Calls a server-streaming method. */
export function callServerStreaming<In, InInit, Out, OutInit>(
  channel: Channel,
  method: Method<"server_streaming", In, InInit, Out, OutInit>,
  request: InInit,
  options: CallOptions = NO_OPTIONS,
): ClientReader<Out> {
  const call = new ReaderCall<InInit, Out>();
  call.begin(channel, method, options);
  call.request(request);
  return call;
}

/** Calls a client-streaming method. */
export function callClientStreaming<In, InInit, Out, OutInit>(
  channel: Channel,
  method: Method<"client_streaming", In, InInit, Out, OutInit>,
  options: CallOptions = NO_OPTIONS,
): ClientWriter<InInit, Out> {
  const call = new WriterCall<InInit, Out>();
  call.begin(channel, method, options);
  return call;
}

/** Calls a bidirectional method. */
export function callBidiStreaming<In, InInit, Out, OutInit>(
  channel: Channel,
  method: Method<"bidi_streaming", In, InInit, Out, OutInit>,
  options: CallOptions = NO_OPTIONS,
): ClientDuplex<InInit, Out> {
  const call = new DuplexCall<InInit, Out>();
  call.begin(channel, method, options);
  return call;
}
