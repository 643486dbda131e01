import "./core/trace.js";

export type { CallOptions } from "./call/client/call-options.js";
export { type CallCredentials, type CredentialsRequest, withCredentials } from "./call/client/credentials.js";
export { withInterceptors } from "./call/client/intercepted-channel.js";
export type {
  ClientAnswer,
  ClientInterceptor,
  ClientMessageHooks,
  ClientNext,
  OutgoingCall,
} from "./call/client/interceptor.js";
export type { MetadataInit } from "./call/client/metadata-init.js";
export type { ClientCall, ClientDuplex, ClientReader, ClientWriter } from "./call/client/types.js";
export type { MessageReceiver, MessageSender } from "./call/message-types.js";
export type { ServerInterceptor, ServerMessageHooks, ServerNext } from "./call/server/interceptor.js";
export type { HandlerErrorListener } from "./call/server/service-rules.js";
export type {
  ManyResponses,
  OneResponse,
  ServerCall,
  ServerDuplex,
  ServerReader,
  ServerWriter,
} from "./call/server/types.js";
export type { HealthCheckOptions } from "./channel/balancer/health-check.js";
export type { LoadBalancerFactory } from "./channel/balancer/load-balancer.js";
export type { OutlierDetectionOptions } from "./channel/balancer/outlier-options.js";
export type { BalancingOptions, LoadBalancing, LoadBalancingName } from "./channel/options.js";
export type { DnsOptions } from "./channel/resolver/dns-resolver.js";
export type { Resolver, ResolverFactory, ResolverListener, ResolverResult } from "./channel/resolver/resolver.js";
export type { RetryOptions } from "./channel/retry/index.js";
export type {
  HealthCheckConfig,
  HedgingPolicy,
  LoadBalancingConfig,
  MethodConfig,
  MethodName,
  RetryPolicy,
  RetryThrottling,
  ServiceConfig,
  StatusCodeName,
} from "./channel/service-config/index.js";
export { type ConnectOptions, connect } from "./connect.js";
export type { ByteSink, Codec } from "./core/codec.js";
export { CallContext, type ContextKey, contextKey } from "./core/context.js";
export type { MethodDescriptor, ServiceDescriptor } from "./core/descriptor.js";
export type {
  CallEndEvent,
  CallStartEvent,
  ConnectionEvent,
  RefusalEvent,
  ResolutionEvent,
  RetryEvent,
} from "./core/diagnostics.js";
export type { DetailOf, DetailSchema, ErrorDetail } from "./core/error-details.js";
export { type ForeignMetadata, Metadata, type MetadataValue } from "./core/metadata.js";
export type { AnyMethod, Idempotency, Method, MethodKind } from "./core/method.js";
export { RpcError, type RpcErrorOptions, type StatusObject } from "./core/rpc-error.js";
export type { Service } from "./core/service.js";
export { status } from "./core/status.js";
export { Server, type ServerOptions, type ServiceOptions } from "./server.js";
export {
  type ConnectionRequest,
  type CreateConnection,
  type Http2ChannelOptions,
  type Http2ServerOptions,
  http2Transport,
  type ProxyOptions,
} from "./transport/grpc-h2/index.js";
export type { Address, Endpoint, SocketAddress, TcpAddress, UnixAddress } from "./transport/routing.js";
export type {
  ListenAddress,
  ListenOptions,
  ServerTls,
  ServerTransport,
  ServerTransportFactory,
} from "./transport/server-transport.js";
export type {
  CallConnection,
  CallTls,
  CallTotals,
  Channel,
  ChannelStats,
  ClientListener,
  ClientStream,
  Compression,
  ConnectionStats,
  ConnectivityState,
  MethodServer,
  MethodServers,
  Origin,
  ReceivedMessages,
  RetryStats,
  ServerListener,
  ServerStream,
  StartOptions,
  WatchStateOptions,
} from "./transport/transport.js";
export type { CorsOptions, Doors, UpgradeHandler, WebDoorsOptions } from "./transport/web-options.js";
