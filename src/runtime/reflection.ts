/**
 * gRPC's server reflection, v1 and v1alpha: `grpcurl`, `grpcui` and `ghz` ask a server by it what it serves. Needs
 * `@bufbuild/protobuf`.
 *
 * @example
 * ```ts
 * const reflection = new ReflectionImplementation(server);
 * server.add(ServerReflectionService, reflection).add(ServerReflectionV1AlphaService, reflection);
 * ```
 *
 * It describes what the server serves. With ts-proto messages, or to serve comments too, give it a descriptor set:
 * `protoc --include_imports --include_source_info --descriptor_set_out=api.binpb …`, then
 * `new ReflectionImplementation([await readFile("api.binpb")])`.
 */
export {
  ServerReflectionClient,
  type ServerReflectionHandlers,
  ServerReflectionService,
} from "./reflection/gen/grpc/reflection/v1/reflection_grpc.js";
export {
  ReflectionImplementation,
  type ReflectionOptions,
  type ReflectionSource,
  type ServesServices,
} from "./reflection/reflection-implementation.js";
export { ServerReflectionV1AlphaService } from "./reflection/v1alpha.js";
