import { context, propagation, ROOT_CONTEXT, SpanKind, type Tracer, trace } from "@opentelemetry/api";
import type { ServerInterceptor } from "../call/server/interceptor.js";
import { messageOf, RpcError } from "../core/rpc-error.js";
import { status } from "../core/status.js";
import { addressAttributes, callAttributes, methodName } from "./attributes.js";
import { CallSpan } from "./call-span.js";
import type { CallMetrics } from "./metrics.js";
import { fromMetadata } from "./propagation.js";

/** A span around each call of a server, as a child of the client's span. The handler runs in its context. */
export function serverTelemetry(tracer: Tracer, metrics: readonly CallMetrics[]): ServerInterceptor {
  return async (call, next) => {
    const { method, metadata, peer } = call;
    const parent = propagation.extract(ROOT_CONTEXT, metadata, fromMetadata);
    const attributes = {
      ...callAttributes(method),
      ...addressAttributes("client", peer),
      ...addressAttributes("network.peer", peer),
    };
    const span = tracer.startSpan(methodName(method), { kind: SpanKind.SERVER, attributes }, parent);
    const counts = { sent: 0, received: 0 };
    const recorded = new CallSpan({ span, side: "server", method }, { target: "", peer: {} }, metrics, () => counts);
    recorded.watch(call.signal);
    const hooks = {
      sent() {
        counts.sent++;
      },
      received() {
        counts.received++;
      },
    };
    try {
      await context.with(trace.setSpan(parent, span), next, undefined, hooks);
      recorded.end(status.OK, "");
    } catch (error) {
      if (error instanceof RpcError) {
        recorded.end(error.code, error.details);
      } else {
        span.recordException(error instanceof Error ? error : messageOf(error));
        recorded.end(status.UNKNOWN, messageOf(error));
      }
      throw error;
    }
  };
}
