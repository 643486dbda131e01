export type { CallOptions, Interceptor, MetadataInit, MetadataValueInit } from "./call/call-options.js";
export type {
  ClientCall,
  ClientDuplex,
  ClientReader,
  ClientWriter,
  MessageReceiver,
  MessageSender,
} from "./call/client-types.js";
export type { HandlerErrorListener } from "./call/server-call.js";
export type { ServerCall, ServerDuplex, ServerReader, ServerWriter } from "./call/server-types.js";
export { type ConnectOptions, connect } from "./connect.js";
export type { ByteSink, Codec } from "./core/codec.js";
export { Metadata, status } from "./core/metadata.js";
export type { AnyMethod, Method, MethodKind } from "./core/method.js";
export { RpcError, type StatusObject } from "./core/rpc-error.js";
export type { Service } from "./core/service.js";
export { Server, type ServerOptions } from "./server.js";
export {
  type Http2ChannelOptions,
  type Http2ServerOptions,
  http2Transport,
} from "./transport/http2/index.js";
export type {
  ListenAddress,
  ListenOptions,
  ServerTransport,
  ServerTransportFactory,
} from "./transport/server-transport.js";
export type {
  Channel,
  ClientListener,
  ClientStream,
  Compression,
  ConnectivityState,
  StartOptions,
} from "./transport/transport.js";
