import { credentials } from "@grpc/grpc-js";
import type { Channel } from "gen-stubs-runtime";
import { grpcJsChannel } from "gen-stubs-runtime/grpc-js";

/** The calls of one channel go to all servers in turn; one that a server did not take, or refused as UNAVAILABLE, goes to another. */
export function openFleet(target: string): Channel {
  const retryPolicy = {
    maxAttempts: 4,
    initialBackoff: "0.05s",
    maxBackoff: "1s",
    backoffMultiplier: 2,
    retryableStatusCodes: ["UNAVAILABLE"],
  };
  const serviceConfig = { loadBalancingConfig: [{ round_robin: {} }], methodConfig: [{ name: [{}], retryPolicy }] };
  return grpcJsChannel(target, credentials.createInsecure(), { "grpc.service_config": JSON.stringify(serviceConfig) });
}
