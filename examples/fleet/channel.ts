import { type Channel, connect } from "gen-stubs-runtime";

/**
 * The calls of one channel go to all servers in turn, but for those that say NOT_SERVING; a call that fails with UNAVAILABLE is tried
 * again at another.
 */
export function openFleet(target: string): Channel {
  const retryPolicy = {
    maxAttempts: 4,
    initialBackoff: "0.05s",
    maxBackoff: "1s",
    backoffMultiplier: 2,
    retryableStatusCodes: ["UNAVAILABLE"],
  };
  return connect(target, {
    loadBalancing: "round_robin",
    healthCheck: { serviceName: "" },
    serviceConfig: { methodConfig: [{ name: [{}], retryPolicy }] },
    initialBackoffMs: 100,
    maxBackoffMs: 1_000,
  });
}
