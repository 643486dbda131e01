import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Context } from "../harness/context.js";
import { exec, execOk } from "../harness/exec.js";
import { cache, interop } from "../harness/paths.js";

const program = join(cache, "js", "programs", "telemetry", "server.js");

/** What the peer in Go reports: `telemetry-go/main.go`. */
interface Report {
  readonly traceId: string;
  readonly clientSpanId: string;
  readonly servers: number;
  readonly callsStarted: number;
  readonly sockets: number;
  readonly remoteAddress: string;
}
interface Line {
  readonly port?: number;
  readonly span?: { readonly traceId: string; readonly parentSpanId?: string };
}

/** A trace that grpc-go's otelgrpc began goes on in our server; grpc-go's own channelz client reads our channelz. */
export async function runTelemetry({ results, toolchains, transports }: Context): Promise<void> {
  if (toolchains.go === undefined) return results.skip("otelgrpc and channelz", "they need Go");
  if (!transports.includes("http2")) return;
  const peer = join(cache, "bin", "telemetry-go");
  await execOk("nice", ["go", "build", "-buildvcs=false", "-o", peer, "."], {
    cwd: join(interop, "telemetry-go"),
    timeoutMs: 600_000,
  });
  const server = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => server.once("close", resolve));
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Line> => JSON.parse((await lines.next()).value ?? "{}") as Line; // our own program's
  const { port } = await next();
  const { stdout, stderr, code } = await exec(peer, [`127.0.0.1:${port}`], { timeoutMs: 60_000 });
  const common = { suite: "telemetry", peer: "grpc-go", ours: "server", transport: "http2" } as const;
  if (code === 0) {
    const report = JSON.parse(stdout) as Report; // as main.go writes it
    const { span } = await next();
    const continued = span?.traceId === report.traceId && span.parentSpanId === report.clientSpanId;
    const shown = `${JSON.stringify(span)} ${stdout.trim()}`;
    results.add({ ...common, name: "otelgrpc's trace goes on", ok: continued, detail: shown });
    const { servers, callsStarted, sockets, remoteAddress } = report;
    const read = servers === 1 && callsStarted >= 2 && sockets === 2 && remoteAddress === "[127 0 0 1]";
    results.add({ ...common, name: "grpc-go reads channelz", ok: read, detail: shown });
  } else {
    results.add({ ...common, name: "the peer runs", ok: false, detail: `exit ${code}: ${stderr.slice(-500)}` });
  }
  server.kill("SIGTERM");
  await ended;
}
