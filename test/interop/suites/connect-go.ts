import { join } from "node:path";
import type { Context } from "../harness/context.js";
import { cache } from "../harness/paths.js";
import { ServerProcess } from "../harness/server-process.js";
import { buildConnectGoPeer } from "../harness/toolchain.js";
import type { Carrier } from "../programs/transports.js";
import { connectGoBothWays, connectGoCases, type Expected } from "./guide-cases.js";
import { runCases } from "./run-cases.js";

const programs = join(cache, "js", "programs", "guides");

/** How our client calls connect-go's server: what carries it, and what that can. */
const OURS: readonly (readonly [name: string, carrier: Carrier, cases: Readonly<Record<string, Expected>>])[] = [
  ["gRPC", "http2", connectGoBothWays],
  ["Connect, HTTP/1.1", "fetch-connect", connectGoCases],
  ["gRPC-Web, HTTP/1.1", "fetch", connectGoCases],
];

/** How connect-go's client calls our server, by each of its doors. */
const THEIRS = [
  ["gRPC", "grpc", 2, connectGoBothWays],
  ["Connect, HTTP/1.1", "connect", 1, connectGoCases],
  ["Connect, HTTP/2", "connect", 2, connectGoBothWays],
  ["gRPC-Web, HTTP/1.1", "grpc-web", 1, connectGoCases],
  ["gRPC-Web, HTTP/2", "grpc-web", 2, connectGoBothWays],
] as const;

/** connect-go, which is the Connect protocol's own: its server called by us, our server called by its client. */
export async function runConnectGo(context: Context): Promise<void> {
  if (context.goPeers === undefined) return context.results.skip("connect-go", "it needs Go");
  const peer = await buildConnectGoPeer();
  const theirs = await ServerProcess.start(peer, ["server"]);
  for (const [name, carrier, cases] of OURS) {
    const id = `ours-${carrier}`;
    const client = [join(programs, "client.js"), carrier, theirs.target, id, Object.keys(cases).join(",")];
    const transport = carrier === "http2" ? "http2" : "fetch";
    const named = { name: `connect-go: ${name}` };
    await runCases(context, "connect-go", named, "client", transport, theirs, [process.execPath, client], cases, id);
  }
  await theirs.stop();
  const ours = await ServerProcess.start(process.execPath, [join(programs, "server.js"), "http2", "0", "web"]);
  for (const [name, protocol, version, cases] of THEIRS) {
    const id = `theirs-${protocol}-${version}`;
    const asked = ["-target", ours.target, "-id", id, "-protocol", protocol, "-http", String(version)];
    const client = ["client", ...asked, "-cases", Object.keys(cases).join(",")];
    const named = { name: `connect-go: ${name}` };
    await runCases(context, "connect-go", named, "server", "http2", ours, [peer, client], cases, id);
  }
  await ours.stop();
}
