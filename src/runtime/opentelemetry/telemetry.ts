import { type MeterProvider, metrics, type TracerProvider, trace } from "@opentelemetry/api";
import type { ClientInterceptor } from "../call/client/interceptor.js";
import type { ServerInterceptor } from "../call/server/interceptor.js";
import { clientTelemetry } from "./client.js";
import { type CallMetrics, grpcMetrics, rpcMetrics } from "./metrics.js";
import { serverTelemetry } from "./server.js";

/** What {@link openTelemetry} may be told. */
export interface TelemetryOptions {
  /** Default: the one that was registered with `@opentelemetry/api`. */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Default: the one that was registered with `@opentelemetry/api`. */
  readonly meterProvider?: MeterProvider | undefined;
  /**
   * Record the metrics of gRFC A66 too, for dashboards that know gRPC's own names: `grpc.client.call.duration`,
   * `grpc.client.attempt.started` and `.duration`, `grpc.server.call.started` and `.duration`. Default: false.
   */
  readonly grpcMetrics?: boolean | undefined;
}

/** The interceptors of both sides. */
export interface Telemetry {
  /** For `connect`, first in the list: a span then covers what the interceptors behind it do. */
  readonly client: ClientInterceptor;
  /** For `Server`, first in the list. */
  readonly server: ServerInterceptor;
}

const SCOPE = "gen-stubs-runtime";

/**
 * One span for each call of either side, whatever its kind, and the histograms `rpc.client.call.duration` and
 * `rpc.server.call.duration` in seconds. The trace's context goes with the request as the registered propagator writes it (W3C
 * Trace Context by default); handlers run in the context of their call's span, where a context manager is registered. A span
 * ends when its call does, however it does. It has, beside what the conventions name, the numbers of messages
 * (`gen_stubs.messages.sent`, `gen_stubs.messages.received`): on the client those that arrived, on the server those that were
 * read.
 */
export function openTelemetry(options: TelemetryOptions = {}): Telemetry {
  const tracer = (options.tracerProvider ?? trace).getTracer(SCOPE);
  const meter = (options.meterProvider ?? metrics).getMeter(SCOPE);
  const measured = (side: "client" | "server"): readonly CallMetrics[] =>
    options.grpcMetrics === true ? [rpcMetrics(meter, side), grpcMetrics(meter, side)] : [rpcMetrics(meter, side)];
  return {
    client: clientTelemetry(tracer, measured("client")),
    server: serverTelemetry(tracer, measured("server")),
  };
}
