import { type MeterProvider, metrics, type TracerProvider, trace } from "@opentelemetry/api";
import type { ClientInterceptor } from "../call/client/interceptor.js";
import type { ServerInterceptor } from "../call/server/interceptor.js";
import { clientTelemetry } from "./client.js";
import { type CallMetrics, grpcMetrics, rpcMetrics } from "./metrics.js";
import { serverTelemetry } from "./server.js";

/** Options of {@link openTelemetry}. */
export interface TelemetryOptions {
  /** Makes the tracer of all spans. Default: the provider that was registered with `@opentelemetry/api`. */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Makes the meter of all metrics. Default: the provider that was registered with `@opentelemetry/api`. */
  readonly meterProvider?: MeterProvider | undefined;
  /**
   * Record the metrics of gRFC A66 too, for dashboards that know gRPC's own names: `grpc.client.call.duration`,
   * `grpc.client.attempt.started` and `.duration`, `grpc.server.call.started` and `.duration`; durations are in seconds. Default: false.
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
 * Records one span for each call, on client and server and for all four kinds, and the histograms `rpc.client.call.duration` and
 * `rpc.server.call.duration` in seconds. The registered propagator writes the trace's context to the request (W3C Trace Context by
 * default). If a context manager is registered, handlers run in the context of their call's span. A span ends when its call ends, for
 * whatever reason. Beside the attributes of the conventions it has the numbers of messages, `gen_stubs.messages.sent` and
 * `gen_stubs.messages.received`: a client counts received messages when they arrive, a server when they are read.
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
