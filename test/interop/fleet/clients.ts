import { join } from "node:path";
import { cache } from "../harness/paths.js";
import { EnvoyFleet } from "../proxies/envoy-fleet.js";
import { FleetClient } from "./fleet-client.js";
import { type Plan, plan } from "./plan.js";
import type { Stage } from "./stage.js";

/** A client that a stage is played to, and what is between. */
export interface Started {
  readonly client: FleetClient;
  stop(): Promise<void>;
}

export interface ClientKind {
  readonly name: string;
  /** What is configured, for the page. */
  readonly how: string;
  start(stage: Stage): Promise<Started>;
}

const retryPolicy = {
  maxAttempts: 5,
  initialBackoff: "0.02s",
  maxBackoff: "0.2s",
  backoffMultiplier: 2,
  retryableStatusCodes: ["UNAVAILABLE"],
};

/** What gRPC's clients are told (gRFC A2, A6, A17), with their own ways to say outlier detection (A50). */
function serviceConfig(policy: object): object {
  const methodConfig = [{ name: [{}], retryPolicy }];
  return { loadBalancingConfig: [policy], healthCheckConfig: { serviceName: "" }, methodConfig };
}

/** Go's registers outlier detection with xDS alone. */
const goPolicy = { round_robin: {} };

/** grpc-js takes the names of the .proto, and durations in parts; it passes over what it cannot read. */
const grpcJsPolicy = {
  outlier_detection: {
    interval: { seconds: 1, nanos: 0 },
    base_ejection_time: { seconds: 3, nanos: 0 },
    max_ejection_percent: 50,
    failure_percentage_ejection: { threshold: 50, minimum_hosts: 3, request_volume: 20 },
    child_policy: [{ round_robin: {} }],
  },
};

const program = join(cache, "js", "programs", "fleet", "client.js");

function node(kind: string, target: string, told: Plan, env: Readonly<Record<string, string>> = {}): FleetClient {
  return new FleetClient(process.execPath, [program, kind, target, JSON.stringify(told)], env);
}

const alone = (client: FleetClient): Started => ({ client, stop: async () => client.kill() });

export const ours: ClientKind = {
  name: "ours",
  how: "`connect` with `round_robin`, outlier detection, client-side health checks, retries of UNAVAILABLE",
  start: async (stage) => {
    const serviceConfig = { methodConfig: [{ name: [{}], retryPolicy }] };
    return alone(node("fleet", stage.target, { ...plan, serviceConfig }));
  },
};

export const grpcJs: ClientKind = {
  name: "grpc-js",
  how: "our stubs over `grpcJsChannel`, `round_robin`, outlier detection, retries of UNAVAILABLE; it knows no client-side health checks",
  start: async (stage) =>
    // Without the variable it asks the system's resolver, whatever the target says.
    alone(
      node(
        "grpc-js",
        stage.target,
        { ...plan, serviceConfig: serviceConfig(grpcJsPolicy) },
        { GRPC_NODE_USE_ALTERNATIVE_RESOLVER: "true" },
      ),
    ),
};

export const grpcGo = (goPeers: string): ClientKind => ({
  name: "grpc-go",
  how: "`round_robin`, client-side health checks, retries of UNAVAILABLE; outlier detection comes with xDS alone there",
  start: async (stage) => {
    const told = JSON.stringify({ ...plan, serviceConfig: serviceConfig(goPolicy) });
    return alone(new FleetClient(goPeers, ["fleet", "-target", stage.target, "-plan", told]));
  },
});

export const throughEnvoy: ClientKind = {
  name: "ours through Envoy",
  how: "our client with one connection to Envoy, which balances (round robin), checks health, ejects outliers and retries",
  async start(stage) {
    const dns = { port: stage.names.port, service: stage.port };
    const envoy = await EnvoyFleet.start({ endpoints: [], dns, retries: 3, healthChecks: true, outliers: 5 });
    const client = node("http2", envoy.target, plan);
    return {
      client,
      async stop() {
        client.kill();
        await envoy.stop();
      },
    };
  },
};
