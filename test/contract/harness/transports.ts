import { grpcJs } from "./grpc-js.js";
import type { Transport } from "./harness.js";

/** Every transport the contract is tested over. */
export const transports: readonly Transport[] = [grpcJs];
