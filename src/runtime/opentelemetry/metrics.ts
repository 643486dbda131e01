import type { Attributes, Meter } from "@opentelemetry/api";
import type { AnyMethod } from "../core/method.js";
import { status } from "../core/status.js";
import { callAttributes, methodName, statusAttributes } from "./attributes.js";

/** The measurements of calls of one side. */
export interface CallMetrics {
  started(method: AnyMethod, target: string): void;
  /** @param peer attributes of the other end, only those with few different values */
  ended(method: AnyMethod, code: status, seconds: number, target: string, peer: Attributes): void;
}

/** The bucket boundaries that the conventions advise, in seconds: https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/ */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** `rpc.client.call.duration` or `rpc.server.call.duration`. */
export function rpcMetrics(meter: Meter, side: "client" | "server"): CallMetrics {
  const duration = meter.createHistogram(`rpc.${side}.call.duration`, {
    description: `Measures the duration of an ${side === "client" ? "outgoing" : "incoming"} Remote Procedure Call (RPC).`,
    unit: "s",
    advice: { explicitBucketBoundaries: SECONDS },
  });
  return {
    started() {},
    ended(method, code, seconds, _target, peer) {
      duration.record(seconds, { ...callAttributes(method), ...statusAttributes(side, code), ...peer });
    },
  };
}

/** The bucket boundaries of gRFC A66, in seconds. */
const A66_SECONDS = [
  0, 0.00001, 0.00005, 0.0001, 0.0003, 0.0006, 0.0008, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01, 0.013,
  0.016, 0.02, 0.025, 0.03, 0.04, 0.05, 0.065, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8, 1, 2, 5, 10,
  20, 50, 100,
];

/**
 * The metrics of gRFC A66 that an interceptor can measure. Each call counts as one attempt, because retries happen below the
 * interceptor. The sizes of messages on the wire are not known here, so there is no `…_total_compressed_message_size`.
 * @see https://github.com/grpc/proposal/blob/master/A66-otel-stats.md
 */
export function grpcMetrics(meter: Meter, side: "client" | "server"): CallMetrics {
  const advice = { explicitBucketBoundaries: A66_SECONDS };
  const started = meter.createCounter(side === "client" ? "grpc.client.attempt.started" : "grpc.server.call.started", {
    unit: side === "client" ? "{attempt}" : "{call}",
  });
  const names =
    side === "client" ? ["grpc.client.attempt.duration", "grpc.client.call.duration"] : ["grpc.server.call.duration"];
  const durations = names.map((name) => meter.createHistogram(name, { unit: "s", advice }));
  const attributes = (method: AnyMethod, target: string): Attributes => {
    const name = { "grpc.method": methodName(method) };
    return side === "client" ? { ...name, "grpc.target": target } : name;
  };
  return {
    started(method, target) {
      started.add(1, attributes(method, target));
    },
    ended(method, code, seconds, target) {
      const all = { ...attributes(method, target), "grpc.status": status[code] };
      for (const duration of durations) duration.record(seconds, all);
    },
  };
}
