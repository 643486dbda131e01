import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Context, Transport } from "../harness/context.js";
import { exec, execOk } from "../harness/exec.js";
import { cache } from "../harness/paths.js";
import { freePort, untilListening } from "../harness/ports.js";
import { ServerProcess } from "../harness/server-process.js";
import { installGoTool } from "../harness/toolchain.js";

const cases = [
  "empty_unary",
  "large_unary",
  "client_streaming",
  "server_streaming",
  "ping_pong",
  "empty_stream",
  "timeout_on_sleeping_server",
  "cancel_after_begin",
  "cancel_after_first_response",
  "status_code_and_message",
  "special_status_message",
  "custom_metadata",
  "unimplemented_method",
  "unimplemented_service",
  "rpc_soak",
  "channel_soak",
] as const;

const programs = join(cache, "js", "programs", "official");
const certs = join(cache, "certs");
const soak = ["--soak_iterations", "300"];
const goSoak = [
  "-soak_iterations=300",
  "-soak_overall_timeout_seconds=120",
  "-soak_per_iteration_max_acceptable_latency_ms=10000",
];

/** gRPC's own interop cases, both ways with grpc-go, and our client against our server; plain and with TLS. */
export async function runOfficial(context: Context): Promise<void> {
  if (context.goPeers === undefined) return context.results.skip("the official interop cases", "they need Go");
  await execOk(context.goPeers, ["certs", "-out", certs]);
  for (const transport of context.transports) await runCompressed(context, transport);
  const goClient = await installGoTool("grpc-interop-client");
  const goServer = await installGoTool("grpc-interop-server");
  for (const tls of [false, true]) {
    await withGoServer(goServer, tls, async (port) => {
      for (const transport of context.transports) await runOurClient(context, "grpc-go", transport, tls, port);
    });
    for (const transport of context.transports) {
      const flags = [
        "--use_tls",
        "--tls_cert_file",
        join(certs, "server.pem"),
        "--tls_key_file",
        join(certs, "server.key"),
      ];
      const args = [join(programs, "server.js"), "--transport", transport, ...(tls ? flags : [])];
      const server = await ServerProcess.start(process.execPath, args);
      await runGoClient(context, goClient, transport, tls, server.port);
      await runOurClient(context, "ours", transport, tls, server.port);
      await server.stop();
    }
  }
}

async function runOurClient({ results }: Context, peer: string, transport: Transport, tls: boolean, port: number) {
  const flags = ["--transport", transport, "--server_host", "127.0.0.1", "--server_port", String(port), ...soak];
  if (tls) flags.push("--use_tls", "--ca_file", join(certs, "ca.pem"));
  // The soaks are about getting on with somebody else.
  const wanted = cases.filter((name) => peer !== "ours" || !name.endsWith("_soak"));
  const args = [join(programs, "client.js"), ...flags, "--test_case", wanted.join(",")];
  const { stdout, stderr } = await exec(process.execPath, args, { timeoutMs: 180_000 });
  // Our own program prints them.
  const verdicts = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Verdict);
  for (const name of [...wanted, "close_channel"]) {
    const verdict = verdicts.find((candidate) => candidate.case === name);
    const detail = verdict === undefined ? `no verdict: ${stderr.slice(-500)}` : (verdict.detail ?? "");
    const ok = verdict?.ok === true;
    results.add({ suite: "official", peer, ours: "client", transport, name: label(name, tls), ok, detail });
  }
}

/** The cases with compression, in a process that looks at the frames. */
async function runCompressed({ results }: Context, transport: Transport): Promise<void> {
  const { stdout, stderr } = await exec(process.execPath, [join(programs, "compressed.js"), transport]);
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  const add = ({ case: name, ok, detail = "" }: Verdict): void =>
    results.add({ suite: "official", peer: "raw HTTP/2", ours: "-", transport, name, ok, detail });
  // Our own program prints them.
  for (const line of lines) add(JSON.parse(line) as Verdict);
  if (lines.length < 7) add({ case: "the compressed cases", ok: false, detail: stderr.slice(-500) });
}

interface Verdict {
  readonly case: string;
  readonly ok: boolean;
  readonly detail?: string;
}

async function runGoClient({ results }: Context, client: string, transport: Transport, tls: boolean, port: number) {
  for (const name of cases) {
    const args = ["-server_host=127.0.0.1", `-server_port=${port}`, `-test_case=${name}`, ...goSoak];
    if (tls)
      args.push("-use_tls", "-use_test_ca", `-ca_file=${join(certs, "ca.pem")}`, "-server_host_override=localhost");
    const { code, stdout, stderr } = await exec(client, args, { timeoutMs: 150_000 });
    const detail = (stdout + stderr).trim().split("\n").slice(-3).join(" ");
    results.add({
      suite: "official",
      peer: "grpc-go",
      ours: "server",
      transport,
      name: label(name, tls),
      ok: code === 0,
      detail,
    });
  }
}

function label(name: string, tls: boolean): string {
  return tls ? `${name} (TLS)` : name;
}

/** grpc-go's server takes a port and says nothing: find a free one, and wait until it answers. */
async function withGoServer(server: string, tls: boolean, run: (port: number) => Promise<void>): Promise<void> {
  const port = await freePort();
  const args = [`-port=${port}`];
  if (tls)
    args.push("-use_tls", `-tls_cert_file=${join(certs, "server.pem")}`, `-tls_key_file=${join(certs, "server.key")}`);
  const child = spawn(server, args, { stdio: "ignore" });
  try {
    await untilListening(port);
    await run(port);
  } finally {
    child.kill();
  }
}
