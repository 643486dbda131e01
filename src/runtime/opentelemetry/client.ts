import { context, propagation, ROOT_CONTEXT, SpanKind, type Tracer, trace } from "@opentelemetry/api";
import type { ClientInterceptor } from "../call/client/interceptor.js";
import { addressAttributes, callAttributes, methodName } from "./attributes.js";
import { CallSpan } from "./call-span.js";
import type { CallMetrics } from "./metrics.js";
import { fromMetadata, toMetadata } from "./propagation.js";

/** A span around each call of a channel. The request carries the span's context. */
export function clientTelemetry(tracer: Tracer, metrics: readonly CallMetrics[]): ClientInterceptor {
  return async (call, next) => {
    const { method, metadata } = call;
    const active = context.active();
    // A call made for a server's call (`parent`) continues that call's trace, if no span is active here.
    const parent =
      trace.getSpan(active) === undefined ? propagation.extract(ROOT_CONTEXT, metadata, fromMetadata) : active;
    const target = call.origin?.authority ?? "";
    const peer = addressAttributes("server", target);
    const attributes = { ...callAttributes(method), ...peer };
    const span = tracer.startSpan(methodName(method), { kind: SpanKind.CLIENT, attributes }, parent);
    const within = trace.setSpan(active, span);
    propagation.inject(within, metadata, toMetadata);
    const recorded = new CallSpan({ span, side: "client", method }, { target, peer }, metrics, () => call.messages);
    recorded.watch(call.signal);
    const { code, details } = await context.with(within, next);
    recorded.end(code, details, addressAttributes("network.peer", call.peer));
  };
}
