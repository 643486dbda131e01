// A server with telemetry and channelz: server.js http2. Prints its port, then the span of each health check.
import { propagation } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { BasicTracerProvider, type ReadableSpan, type SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { Server } from "gen-stubs-runtime";
import { ChannelzImplementation, ChannelzService } from "gen-stubs-runtime/channelz";
import { HealthImplementation, HealthService } from "gen-stubs-runtime/health";
import { openTelemetry } from "gen-stubs-runtime/opentelemetry";
import { emit } from "../emit.js";

const printing: SpanProcessor = {
  onStart() {},
  onEnd(span: ReadableSpan) {
    const { name, parentSpanContext } = span;
    if (!name.startsWith("grpc.health.")) return;
    emit({ span: { name, traceId: span.spanContext().traceId, parentSpanId: parentSpanContext?.spanId } });
  },
  async forceFlush() {},
  async shutdown() {},
};
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
const telemetry = openTelemetry({ tracerProvider: new BasicTracerProvider({ spanProcessors: [printing] }) });
const server = new Server({ interceptors: [telemetry.server] });
server.add(HealthService, new HealthImplementation());
server.add(ChannelzService, new ChannelzImplementation({ servers: [server] }));
const { port } = await server.listen("127.0.0.1:0");
emit({ port });
process.once("SIGTERM", () => void server.shutdown());
