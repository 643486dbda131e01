/** NestJS: gRPC controllers on this package's transport, typed controllers, clients as providers. Needs `@nestjs/microservices`. */
export type { NestCall } from "./nestjs/call.js";
export type { NestGrpcOptions } from "./nestjs/nest-options.js";
export { RequestStream } from "./nestjs/request-stream.js";
export { GrpcStrategy } from "./nestjs/strategy.js";
export type {
  CommonStrategyOptions,
  GeneratedStrategyOptions,
  GrpcStrategyOptions,
  LoadedStrategyOptions,
} from "./nestjs/strategy-options.js";
export { StreamCall, type StreamingCall } from "./nestjs/stream-call.js";
