/** NestJS: gRPC controllers on this package's transport, typed controllers, clients as providers. Needs `@nestjs/microservices`. */
export type { NestCall } from "./nestjs/call.js";
export {
  type ClientClass,
  type GrpcClientAsyncOptions,
  GrpcClientModule,
  type GrpcClientOptions,
} from "./nestjs/client-module.js";
export { GrpcController } from "./nestjs/controller.js";
export type { ControllerMethod, ControllerOf, ManyOutcome, OneOutcome } from "./nestjs/controller-types.js";
export type { NestGrpcOptions, NestLimits } from "./nestjs/nest-options.js";
export { observe } from "./nestjs/observe.js";
export { RequestStream } from "./nestjs/request-stream.js";
export { RpcErrorFilter } from "./nestjs/rpc-error-filter.js";
export { GrpcStrategy } from "./nestjs/strategy.js";
export type {
  CommonStrategyOptions,
  GeneratedStrategyOptions,
  GrpcStrategyOptions,
  LoadedStrategyOptions,
} from "./nestjs/strategy-options.js";
export { StreamCall, type StreamingCall } from "./nestjs/stream-call.js";
