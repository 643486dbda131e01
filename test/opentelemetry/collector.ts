import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Server, type Service } from "../../src/runtime/index.js";
import { repository } from "../support/packed.js";
import { runOk } from "../support/shell.js";

/** What the tests read of an exported span; the protocol's own names. */
export interface ExportedSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly parentSpanId: Uint8Array;
  readonly endTimeUnixNano: bigint;
  readonly status?: { readonly code: number; readonly message: string };
  readonly attributes: readonly Attribute[];
}
export interface Attribute {
  readonly key: string;
  readonly value?: { readonly value: { readonly value?: unknown } };
}
interface TraceRequest {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly ExportedSpan[] }[] }[];
}
/** What the tests read of an exported metric. */
export interface ExportedMetric {
  readonly name: string;
  readonly unit: string;
  readonly data: {
    readonly value?: {
      readonly dataPoints: readonly { readonly count?: bigint; readonly attributes: readonly Attribute[] }[];
    };
  };
}
interface MetricsRequest {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly ExportedMetric[] }[];
  }[];
}
type Collecting = Service<{ export(request: TraceRequest & MetricsRequest): object }>;

/** A receiver of OTLP over gRPC, made with stubs that are generated here from the protocol's published files. */
export class Collector {
  readonly spans: ExportedSpan[] = [];
  readonly metrics: ExportedMetric[] = [];
  readonly #server: Server;
  url = "";

  private constructor(trace: Collecting, metrics: Collecting) {
    this.#server = new Server()
      .add(trace, {
        export: ({ resourceSpans }) => {
          this.spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans).flatMap(({ spans }) => spans));
          return {};
        },
      })
      .add(metrics, {
        export: ({ resourceMetrics }) => {
          const scopes = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics);
          this.metrics.push(...scopes.flatMap((scope) => scope.metrics));
          return {};
        },
      });
  }

  static async start(): Promise<Collector> {
    const out = join(repository, ".cache/otlp-collector");
    const protos = join(repository, "node_modules/otlp-protos/build/protos");
    const command = [join(repository, "bin/gen-stubs.js"), protos, "--out", out, "--quiet"];
    await runOk([process.execPath, ...command], { cwd: repository });
    const load = async (name: string): Promise<Record<string, Collecting>> =>
      await import(pathToFileURL(join(out, `opentelemetry/proto/collector/${name}_grpc.ts`)).href); // generated just now
    const { TraceServiceService } = await load("trace/v1/trace_service");
    const { MetricsServiceService } = await load("metrics/v1/metrics_service");
    if (TraceServiceService === undefined || MetricsServiceService === undefined) throw new Error("no such services");
    const collector = new Collector(TraceServiceService, MetricsServiceService);
    const { address } = await collector.#server.listen("127.0.0.1:0");
    collector.url = `http://${address}`;
    return collector;
  }

  stop(): Promise<void> {
    return this.#server.shutdown();
  }
}

/** Attributes as a plain object. */
export function plain(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value?.value.value]));
}
