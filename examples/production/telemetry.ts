/**
 * Traces of every call, sent over OTLP/gRPC to where `OTEL_EXPORTER_OTLP_ENDPOINT` says; without it they are sent nowhere.
 * `@opentelemetry/sdk-node` sets up more of it by itself.
 */
import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { openTelemetry } from "gen-stubs-runtime/opentelemetry";

const collected = process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] !== undefined;
const provider = new BasicTracerProvider({
  spanProcessors: collected ? [new BatchSpanProcessor(new OTLPTraceExporter())] : [],
});
trace.setGlobalTracerProvider(provider);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());

/** The interceptors of both sides: the outermost, so that a span knows what the others refuse. */
export const telemetry = openTelemetry();

/** Sends what is left. A collector that is away must not keep the program from its end. */
export async function stopTelemetry(): Promise<void> {
  await provider.shutdown().catch((error: unknown) => console.error(error));
}
