import { type AddressInfo, connect as connectTo, createServer, type Socket } from "node:net";
import { context, metrics, propagation, SpanKind, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-grpc";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import * as conventions from "@opentelemetry/semantic-conventions";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import {
  type CallOptions,
  type ClientInterceptor,
  connect,
  RpcError,
  Server,
  type ServerCall,
  type ServerInterceptor,
  status,
} from "../../src/runtime/index.js";
import { openTelemetry } from "../../src/runtime/opentelemetry.js";
import { readAll, rejection } from "../contract/harness/harness.js";
import { TrialClient, type TrialHandlers, TrialService, withDefaults } from "../contract/harness/trial-service.js";
import { Collector, type ExportedSpan, plain } from "./collector.js";

let collector: Collector;
let provider: BasicTracerProvider;
let meters: MeterProvider;

beforeAll(async () => {
  collector = await Collector.start();
  const { url } = collector;
  provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))] });
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ url }),
    exportIntervalMillis: 2 ** 30,
  });
  meters = new MeterProvider({ readers: [reader] });
  trace.setGlobalTracerProvider(provider);
  metrics.setGlobalMeterProvider(meters);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});

afterEach(async () => {
  await provider.forceFlush();
  collector.spans.length = 0;
  collector.metrics.length = 0;
});

afterAll(async () => {
  await provider.shutdown();
  await meters.shutdown();
  await collector.stop();
});

async function serve(
  handlers: Partial<TrialHandlers>,
  more: { readonly client?: readonly ClientInterceptor[]; readonly server?: readonly ServerInterceptor[] } = {},
) {
  const telemetry = openTelemetry({ grpcMetrics: true });
  const server = new Server({ interceptors: [telemetry.server, ...(more.server ?? [])], onError: () => {} });
  const { address } = await server.add(TrialService, withDefaults(handlers)).listen("127.0.0.1:0");
  const channel = connect(`http://${address}`, { interceptors: [telemetry.client, ...(more.client ?? [])] });
  return {
    client: new TrialClient(channel),
    address,
    async [Symbol.asyncDispose]() {
      await channel.close();
      await server.shutdown();
    },
  };
}

/** All spans that were exported, once there are so many; each has ended. */
async function spans(count: number, kind?: number): Promise<readonly ExportedSpan[]> {
  const wanted = (): readonly ExportedSpan[] =>
    collector.spans.filter((span) => kind === undefined || span.kind === kind);
  const exported = async (): Promise<void> => {
    await provider.forceFlush();
    expect(wanted().length).toBeGreaterThanOrEqual(count);
  };
  await vi.waitFor(exported, { timeout: 30_000 });
  expect(wanted().length).toBe(count);
  for (const { endTimeUnixNano } of collector.spans) expect(endTimeUnixNano).toBeGreaterThan(0n);
  return wanted();
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
/** As the protocol numbers them. */
const SERVER = 2;
const CLIENT = 3;

function of(kind: number, exported: readonly ExportedSpan[]): ExportedSpan {
  const span = exported.find((candidate) => candidate.kind === kind);
  if (span === undefined) throw new Error(`no span of kind ${kind}`);
  return span;
}

const kinds: Readonly<
  Record<string, { method: string; sent: number; received: number; call(client: TrialClient): Promise<unknown> }>
> = {
  unary: { method: "Greet", sent: 1, received: 1, call: (client) => client.greet({ value: "a" }) },
  "server streaming": {
    method: "Download",
    sent: 1,
    received: 3,
    call: async (client) => expect((await readAll(client.download({ value: 3 }))).error).toBeUndefined(),
  },
  "client streaming": {
    method: "Upload",
    sent: 2,
    received: 1,
    async call(client) {
      const call = client.upload();
      for (let i = 0; i < 2; i++) await call.send({ value: new Uint8Array(1) });
      await call.closeAndRecv();
    },
  },
  bidirectional: {
    method: "Chat",
    sent: 2,
    received: 2,
    async call(client) {
      const call = client.chat();
      for (let i = 0; i < 2; i++) {
        await call.send({ value: "" });
        await call.recv();
      }
      await call.closeSend();
      expect(await call.recv()).toBeUndefined();
      await call.status;
    },
  },
};

/** What the handlers saw as the span of their call. */
const seen: string[] = [];
const note = (): void => void seen.push(trace.getActiveSpan()?.spanContext().spanId ?? "none");

const handlers: Partial<TrialHandlers> = {
  greet(request) {
    note();
    return request;
  },
  async *download({ value }) {
    for (let i = 0; i < value; i++) {
      await Promise.resolve();
      note();
      yield { value: new Uint8Array(1) };
    }
  },
  async upload(call) {
    let value = 0;
    for await (const _ of call) value++;
    note();
    return { value };
  },
  async chat(call) {
    for await (const message of call) {
      note();
      await call.send(message);
    }
  },
};

describe.each(Object.entries(kinds))("a call: %s", (_, { method, sent, received, call }) => {
  test("has one span on each side, in the caller's trace, and its handler runs in the server's", async () => {
    await using served = await serve(handlers);
    const tracer = trace.getTracer("test");
    seen.length = 0;
    await tracer.startActiveSpan("work", async (span) => {
      await call(served.client);
      span.end();
    });
    const exported = await spans(3);
    const work = exported.find(({ name }) => name === "work");
    const client = of(CLIENT, exported);
    const server = of(SERVER, exported);
    expect(new Set(exported.map(({ traceId }) => hex(traceId))).size).toBe(1);
    expect(hex(client.parentSpanId)).toBe(hex(work!.spanId));
    expect(hex(server.parentSpanId)).toBe(hex(client.spanId));
    expect(new Set(seen)).toEqual(new Set([hex(server.spanId)]));
    const name = `${TrialService.typeName}/${method}`;
    expect([client.name, server.name]).toEqual([name, name]);
    const [host, port] = served.address.split(":");
    expect(plain(client.attributes)).toEqual({
      [conventions.ATTR_RPC_SYSTEM_NAME]: conventions.RPC_SYSTEM_NAME_VALUE_GRPC,
      [conventions.ATTR_RPC_METHOD]: name,
      [conventions.ATTR_RPC_STATUS_CODE]: "OK",
      [conventions.ATTR_SERVER_ADDRESS]: host,
      [conventions.ATTR_SERVER_PORT]: BigInt(port!),
      [conventions.ATTR_NETWORK_PEER_ADDRESS]: host,
      [conventions.ATTR_NETWORK_PEER_PORT]: BigInt(port!),
      "gen_stubs.messages.sent": BigInt(sent),
      "gen_stubs.messages.received": BigInt(received),
    });
    expect(plain(server.attributes)).toMatchObject({
      [conventions.ATTR_RPC_METHOD]: name,
      [conventions.ATTR_RPC_STATUS_CODE]: "OK",
      [conventions.ATTR_CLIENT_ADDRESS]: host,
      "gen_stubs.messages.sent": BigInt(received),
      "gen_stubs.messages.received": BigInt(sent),
    });
  });
});

describe("a span ends with its call", () => {
  const wait: Partial<TrialHandlers> = {
    download: (_, call) =>
      new Promise((_resolve, reject) => call.signal.addEventListener("abort", () => reject(call.signal.reason))),
  };

  test.each<[string, (client: TrialClient) => Promise<unknown>, string]>([
    ["cancelled", async (client) => client.download({ value: 1 }).cancel(), "CANCELLED"],
    ["past its deadline", (client) => readAll(client.download({ value: 1 }, { timeoutMs: 30 })), "DEADLINE_EXCEEDED"],
  ])("%s", async (_, call, code) => {
    await using served = await serve(wait);
    await call(served.client);
    const client = of(CLIENT, await spans(1, CLIENT));
    expect(plain(client.attributes)).toMatchObject({
      [conventions.ATTR_RPC_STATUS_CODE]: code,
      [conventions.ATTR_ERROR_TYPE]: code,
    });
    expect(client.status?.code).toBe(2);
  });

  test("whose responses nobody reads", async () => {
    await using served = await serve(handlers);
    const call = served.client.download({ value: 3 });
    await call.status;
    const exported = await spans(2);
    expect(plain(of(CLIENT, exported).attributes)["gen_stubs.messages.received"]).toBe(3n);
  });

  test("when the channel closes over it", async () => {
    await using served = await serve(wait);
    served.client.download({ value: 1 });
    await served[Symbol.asyncDispose]();
    await provider.forceFlush();
    expect(plain(of(CLIENT, collector.spans).attributes)[conventions.ATTR_RPC_STATUS_CODE]).toBe("CANCELLED");
  });

  test.each(["client", "server"] as const)("although an interceptor of the %s waits for ever", async (side) => {
    let reached = 0;
    const forever = (): Promise<never> => {
      reached++;
      return new Promise(() => {});
    };
    await using served = await serve(handlers, side === "client" ? { client: [forever] } : { server: [forever] });
    expect((await rejection(served.client.greet({ value: "" }, { timeoutMs: 50 }))).code).toBe(
      status.DEADLINE_EXCEEDED,
    );
    // On a slow machine the deadline may pass before the server has heard of the call.
    const exported = await spans(side === "server" ? 1 + reached : 1);
    for (const { attributes } of exported) {
      expect(plain(attributes)[conventions.ATTR_RPC_STATUS_CODE]).toBe("DEADLINE_EXCEEDED");
    }
  });

  test("although an interceptor of the client waits for ever after next()", async () => {
    const forever: ClientInterceptor = async (_, next) => {
      await next();
      await new Promise(() => {});
    };
    await using served = await serve(handlers, { client: [forever] });
    expect((await rejection(served.client.greet({ value: "" }, { timeoutMs: 50 }))).code).toBe(
      status.DEADLINE_EXCEEDED,
    );
    // The call itself ended with what came, before that.
    const exported = await spans(1, CLIENT);
    expect(["OK", "DEADLINE_EXCEEDED"]).toContain(
      plain(of(CLIENT, exported).attributes)[conventions.ATTR_RPC_STATUS_CODE],
    );
  });
});

/** Handlers that tell that they have begun, and wait for the end of their call. */
function waiting(): { readonly handlers: TrialHandlers; readonly begun: Promise<void> } {
  const begun = new Deferred<void>();
  const wait = (call: ServerCall): Promise<never> => {
    begun.resolve();
    return new Promise((_, reject) => call.signal.addEventListener("abort", () => reject(call.signal.reason)));
  };
  const after = (_: unknown, call: ServerCall) => wait(call);
  return { handlers: { greet: after, download: after, upload: wait, chat: wait }, begun: begun.promise };
}

/** Begins a call of each kind; the promise settles when it is over. */
const open: Readonly<Record<string, (client: TrialClient, options: CallOptions) => Promise<unknown>>> = {
  unary: (client, options) => client.greet({ value: "" }, options),
  "server streaming": async (client, options) => readAll(client.download({ value: 1 }, options)),
  "client streaming": (client, options) => client.upload(options).closeAndRecv(),
  bidirectional: async (client, options) => readAll(client.chat(options)),
};

/** Ways in which a call ends, and the codes that its client may see. */
const ways: readonly (readonly [string, (ends: Ends) => unknown, codes: readonly string[]])[] = [
  ["cancelled", ({ abort }) => abort(), ["CANCELLED"]],
  ["with its connection", ({ cut }) => cut(), ["UNAVAILABLE"]],
  ["with the server", ({ stop }) => stop(), ["UNAVAILABLE", "CANCELLED"]],
  ["with the channel", ({ close }) => close(), ["CANCELLED"]],
];
interface Ends {
  abort(): void;
  cut(): void;
  stop(): Promise<void>;
  close(): Promise<void>;
}

describe.each(Object.keys(open))("both spans of a call end: %s", (kind) => {
  test.each(ways)("%s", async (_, end, codes) => {
    const telemetry = openTelemetry();
    const { handlers: wait, begun } = waiting();
    const server = new Server({ interceptors: [telemetry.server], onError: () => {} }).add(TrialService, wait);
    const { port } = await server.listen("127.0.0.1:0");
    const sockets: Socket[] = [];
    const relay = createServer((socket) => {
      const onward = connectTo(port, "127.0.0.1");
      sockets.push(socket, onward);
      for (const one of [socket, onward]) one.on("error", () => {});
      socket.pipe(onward).pipe(socket);
    });
    await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
    const channel = connect(`http://127.0.0.1:${(relay.address() as AddressInfo).port}`, {
      interceptors: [telemetry.client],
    });
    const stop = new AbortController();
    const over = open[kind]?.(new TrialClient(channel), { signal: stop.signal }).catch(() => {});
    await begun;
    await end({
      abort: () => stop.abort(),
      cut: () => sockets.forEach((socket) => void socket.destroy()),
      stop: () => server.shutdown(),
      close: () => channel.close(),
    });
    await over;
    const exported = await spans(2);
    expect(codes).toContain(plain(of(CLIENT, exported).attributes)[conventions.ATTR_RPC_STATUS_CODE]);
    expect(plain(of(SERVER, exported).attributes)[conventions.ATTR_RPC_STATUS_CODE]).not.toBe("OK");
    await channel.close();
    await server.shutdown();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => relay.close(resolve));
  });
});

test.each(["server streaming", "bidirectional"])("both spans of a call end that a break leaves: %s", async (kind) => {
  await using served = await serve({
    async *download(_, call) {
      for (; !call.signal.aborted; await new Promise((resolve) => setImmediate(resolve)))
        yield { value: new Uint8Array(1) };
    },
    async *chat(call) {
      for (; !call.signal.aborted; await new Promise((resolve) => setImmediate(resolve))) yield { value: "" };
    },
  });
  const reader = kind === "bidirectional" ? served.client.chat() : served.client.download({ value: 1 });
  for await (const _ of reader) break;
  const exported = await spans(2);
  for (const { attributes } of exported) {
    expect(plain(attributes)[conventions.ATTR_RPC_STATUS_CODE]).toBe("CANCELLED");
  }
});

test("errors: all are a client's, to a server only its own faults", async () => {
  await using served = await serve({
    greet({ value }) {
      if (value === "bug") throw new Error("a bug");
      throw new RpcError(status.NOT_FOUND, "no such place");
    },
  });
  await rejection(served.client.greet({ value: "" }));
  const missing = await spans(2);
  expect(of(CLIENT, missing).status).toMatchObject({ code: 2, message: "no such place" });
  expect(of(SERVER, missing).status?.code ?? 0).toBe(0);
  expect(plain(of(SERVER, missing).attributes)).toMatchObject({ [conventions.ATTR_RPC_STATUS_CODE]: "NOT_FOUND" });
  collector.spans.length = 0;
  await rejection(served.client.greet({ value: "bug" }));
  const bug = await spans(2);
  expect(of(SERVER, bug).status).toMatchObject({ code: 2, message: "a bug" });
  expect(of(CLIENT, bug).status?.message).not.toContain("a bug");
});

test("without a span of its own, a call with a parent goes on with the parent's trace", async () => {
  await using served = await serve(handlers);
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  await served.client.greet({ value: "" }, { metadata: { traceparent } });
  const exported = await spans(2);
  expect(hex(of(CLIENT, exported).parentSpanId)).toBe("b7ad6b7169203331");
  expect(hex(of(SERVER, exported).traceId)).toBe("0af7651916cd43dd8448eb211c80319c");
});

test("metrics are the conventions' and, on request, those of gRFC A66", async () => {
  await using served = await serve(handlers);
  await served.client.greet({ value: "" });
  await spans(2);
  await meters.forceFlush();
  const byName = new Map(collector.metrics.map((metric) => [metric.name, metric]));
  expect([...byName.keys()].toSorted()).toEqual([
    "grpc.client.attempt.duration",
    "grpc.client.attempt.started",
    "grpc.client.call.duration",
    "grpc.server.call.duration",
    "grpc.server.call.started",
    conventions.METRIC_RPC_CLIENT_CALL_DURATION,
    conventions.METRIC_RPC_SERVER_CALL_DURATION,
  ]);
  const points = byName.get(conventions.METRIC_RPC_CLIENT_CALL_DURATION)?.data.value?.dataPoints ?? [];
  const mine = points.find(
    ({ attributes }) => plain(attributes)[conventions.ATTR_SERVER_PORT] === BigInt(served.address.split(":")[1]!),
  );
  expect(mine?.count).toBe(1n);
  expect(byName.get(conventions.METRIC_RPC_CLIENT_CALL_DURATION)?.unit).toBe("s");
  expect(SpanKind.CLIENT + 1).toBe(CLIENT); // the protocol counts from 1
});
