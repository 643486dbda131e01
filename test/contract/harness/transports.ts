import { grpcJs } from "./grpc-js.js";
import type { Transport } from "./harness.js";
import { grpcJsToHttp2, http2, http2ToGrpcJs, inMemory } from "./http2.js";

/** Every transport the contract is tested over. */
export const transports: readonly Transport[] = [http2, inMemory, grpcJs, http2ToGrpcJs, grpcJsToHttp2];
