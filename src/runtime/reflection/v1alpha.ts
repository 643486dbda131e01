import { es } from "../codec-es.js";
import { bidiStreaming, described, service } from "../codegen-v1.js";
import type { Service } from "../core/service.js";
import type { ServerReflectionHandlers } from "./gen/grpc/reflection/v1/reflection_grpc.js";
import {
  ServerReflectionRequestSchema,
  ServerReflectionResponseSchema,
} from "./gen/grpc/reflection/v1/reflection_pb.js";
import { ServerReflection } from "./gen/grpc/reflection/v1alpha/reflection_pb.js";

/** The older name of the same protocol, which many tools ask for first. The messages are those of v1, byte for byte. */
export const ServerReflectionV1AlphaService: Service<ServerReflectionHandlers> = service(
  "grpc.reflection.v1alpha.ServerReflection",
  described(ServerReflection, {
    serverReflectionInfo: bidiStreaming(
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
      es(ServerReflectionRequestSchema),
      es(ServerReflectionResponseSchema),
    ),
  }),
  ServerReflection,
);
