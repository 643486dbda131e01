import { join } from "node:path";
import type { Context, Transport } from "../harness/context.js";
import { exec, type Finished } from "../harness/exec.js";
import { cache } from "../harness/paths.js";
import { ServerProcess } from "../harness/server-process.js";
import { installGoTool } from "../harness/toolchain.js";

const program = join(cache, "js", "programs", "tools", "server.js");

/** What people point at a server: grpcurl through reflection, health probes, ghz. */
export async function runTools(context: Context): Promise<void> {
  if (context.toolchains.go === undefined) return context.results.skip("grpcurl, health probe and ghz", "they need Go");
  const tools = {
    grpcurl: await installGoTool("grpcurl"),
    probe: await installGoTool("grpc-health-probe"),
    ghz: await installGoTool("ghz"),
  };
  for (const transport of context.transports) {
    for (const version of ["v1", "v1alpha"]) {
      const server = await ServerProcess.start(process.execPath, [program, transport, version]);
      await runGrpcurl(context, tools.grpcurl, server.target, transport, version);
      if (version === "v1") {
        await runProbe(context, tools.probe, server.target, transport);
        await runGhz(context, tools.ghz, server.target, transport);
      }
      await server.stop();
    }
  }
}

/** One command and what is wrong with what it did; undefined where nothing is. */
type Case = readonly [name: string, args: readonly string[], judge: (done: Finished) => boolean, stdin?: string];

async function runCases({ results }: Context, peer: string, command: string, transport: Transport, cases: Case[]) {
  for (const [name, args, judge, stdin] of cases) {
    const done = await exec(command, args, { timeoutMs: 60_000, ...(stdin === undefined ? {} : { stdin }) });
    const detail = `exit ${done.code}: ${(done.stdout + done.stderr).slice(-300)}`;
    results.add({ suite: "tools", peer, ours: "server", transport, name, ok: judge(done), detail });
  }
}

function runGrpcurl(context: Context, grpcurl: string, target: string, transport: Transport, version: string) {
  const plain = ["-plaintext"];
  const ok =
    (...texts: string[]) =>
    (done: Finished) =>
      done.code === 0 && texts.every((text) => done.stdout.includes(text));
  const points = [1, 2, 3].map((i) => JSON.stringify({ latitude: i * 1_000_000, longitude: 0 })).join("\n");
  const corners = JSON.stringify({
    lo: { latitude: 400_000_000, longitude: -750_000_000 },
    hi: { latitude: 401_000_000, longitude: -749_000_000 },
  });
  const cases: Case[] = [
    ["list", [...plain, target, "list"], ok("main.RouteGuide", "streaming.DataService", `grpc.reflection.${version}.`)],
    ["list methods", [...plain, target, "list", "main.RouteGuide"], ok("main.RouteGuide.RecordRoute")],
    ["describe a service", [...plain, target, "describe", "main.RouteGuide"], ok("stream .main.Point")],
    [
      "describe a message",
      [...plain, target, "describe", "streaming.DataResponse"],
      ok("map<string, string> attributes"),
    ],
    [
      "unary",
      [...plain, "-d", '{"id":"a-1"}', target, "streaming.DataService/GetData"],
      ok('"9007199254740993"', '"größe"'),
    ],
    [
      "an error status",
      [...plain, "-d", '{"id":"missing"}', target, "streaming.DataService/GetData"],
      ({ code, stderr }) => code === 64 + 5 && stderr.includes("no item missing"),
    ],
    [
      "client stream from stdin",
      [...plain, "-d", "@", target, "main.RouteGuide/RecordRoute"],
      ok('"pointCount": 3'),
      points,
    ],
    [
      "server stream",
      [...plain, "-d", corners, target, "main.FeatureExplorer/ListFeatures"],
      ({ code, stdout }) => code === 0 && stdout.split('"name"').length === 1 + 4,
    ],
    [
      "bidi from stdin",
      [...plain, "-d", "@", target, "streaming.DataService/Chat"],
      ok("echo: one", "echo: two"),
      '{"message":"one"}{"message":"two"}',
    ],
  ];
  return runCases(
    context,
    "grpcurl",
    grpcurl,
    transport,
    cases.map(([name, ...rest]) => [`${name} (reflection ${version})`, ...rest]),
  );
}

function runProbe(context: Context, probe: string, target: string, transport: Transport) {
  const addr = `-addr=${target}`;
  return runCases(context, "grpc-health-probe", probe, transport, [
    ["the server", [addr], ({ code, stderr, stdout }) => code === 0 && (stdout + stderr).includes("SERVING")],
    ["a service", [addr, "-service=main.RouteGuide"], ({ code }) => code === 0],
    ["a service that is down", [addr, "-service=main.Broken"], ({ code }) => code === 4],
    ["an unknown service", [addr, "-service=no.Such"], ({ code }) => code === 3],
  ]);
}

function runGhz(context: Context, ghz: string, target: string, transport: Transport) {
  const load = (call: string, data: unknown, n: number): string[] => [
    ...[
      "--insecure",
      "--call",
      call,
      "-d",
      JSON.stringify(data),
      "-n",
      String(n),
      "-c",
      "10",
      "--format",
      "json",
      target,
    ],
  ];
  const allOk =
    (n: number) =>
    ({ code, stdout }: Finished) => {
      if (code !== 0) return false;
      const report = JSON.parse(stdout) as { count: number; statusCodeDistribution: Record<string, number> };
      return report.count === n && report.statusCodeDistribution["OK"] === n;
    };
  const points = Array.from({ length: 20 }, (_, i) => ({ latitude: i, longitude: i }));
  const corners = {
    lo: { latitude: 400_000_000, longitude: -750_000_000 },
    hi: { latitude: 420_000_000, longitude: -730_000_000 },
  };
  const notes = Array.from({ length: 20 }, (_, i) => ({ message: `m${i}` }));
  return runCases(context, "ghz", ghz, transport, [
    ["unary, 500 calls", load("streaming.DataService.GetData", { id: "a" }, 500), allOk(500)],
    ["server stream, 100 calls of 441", load("main.FeatureExplorer.ListFeatures", corners, 100), allOk(100)],
    ["client stream, 200 calls of 20", load("main.RouteGuide.RecordRoute", points, 200), allOk(200)],
    ["bidi, 200 calls of 20", load("streaming.DataService.Chat", notes, 200), allOk(200)],
  ]);
}
