/**
 * gRPC's health checking protocol: what load balancers, Kubernetes and `grpc_health_probe` ask a server. Needs
 * `@bufbuild/protobuf`.
 *
 * @example
 * ```ts
 * const health = new HealthImplementation({ "": "SERVING", "main.RouteGuide": "NOT_SERVING" });
 * server.add(HealthService, health);            // or addToGrpcJs(grpcServer, HealthService, health)
 * health.set("main.RouteGuide", "SERVING");     // all watchers are told
 * ```
 */
export { HealthClient, type HealthHandlers, HealthService } from "./health/gen/grpc/health/v1/health_grpc.js";
export {
  type HealthCheckRequest,
  type HealthCheckResponse,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from "./health/gen/grpc/health/v1/health_pb.js";
export { HealthImplementation, type HealthStatus } from "./health/health-implementation.js";
