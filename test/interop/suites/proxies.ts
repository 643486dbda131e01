import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Context, Transport } from "../harness/context.js";
import { type Counts, LoadProcess } from "../harness/load-process.js";
import { cache } from "../harness/paths.js";
import { freePort } from "../harness/ports.js";
import { ServerProcess } from "../harness/server-process.js";
import { installProxies } from "../proxies/install.js";
import { nginx } from "../proxies/nginx.js";
import type { ProxyKind } from "../proxies/proxy.js";
import { ProxyProcess } from "../proxies/proxy-process.js";
import { guideCases, proxyCases } from "./guide-cases.js";
import { runCases } from "./run-cases.js";

/** Our client and our server with a reverse proxy between them; Go's client and Go's server too, where there is Go. */
export async function runProxies(context: Context): Promise<void> {
  for (const kind of await installProxies(context)) {
    if (context.peers?.includes(kind.name) === false) continue;
    for (const transport of context.transports) {
      // How a channel of grpc-js takes a proxy's end is grpc-js's own.
      for (const part of transport === "http2" ? [cases, load, reloads, idle, killed] : [cases, load]) {
        const name = `${kind.name} / ${part.name}`;
        try {
          await part(context, kind, transport);
        } catch (error) {
          const detail = error instanceof Error ? error.message : String(error);
          context.results.add({ suite, peer: kind.name, ours: "client", transport, name, ok: false, detail });
        }
      }
    }
    await goCases(context, kind);
  }
}

const suite = "proxies";
const programs = join(cache, "js", "programs", "guides");

/** Our server is always over our own transport: what is in front of it is what changes. */
function serve(port = 0): Promise<ServerProcess> {
  return ServerProcess.start(process.execPath, [join(programs, "server.js"), "http2", String(port)]);
}

/** The guides' cases, our client to our server. */
async function cases(context: Context, kind: ProxyKind, transport: Transport): Promise<void> {
  const server = await serve();
  const proxy = await ProxyProcess.start(kind, server.port);
  const target = `127.0.0.1:${proxy.port}`;
  const args = [join(programs, "client.js"), transport, target, "proxied", Object.keys(proxyCases).join(",")];
  await runCases(context, suite, kind, "client", transport, server, [process.execPath, args], proxyCases, "proxied");
  await proxy.kill();
  await server.stop();
}

/** Go's client to our server, our client to Go's server. */
async function goCases(context: Context, kind: ProxyKind): Promise<void> {
  const { goPeers } = context;
  if (goPeers === undefined) return;
  const names = Object.keys(guideCases.go).join(",");
  const ours = await serve();
  let proxy = await ProxyProcess.start(kind, ours.port);
  const go = ["client", "-target", `127.0.0.1:${proxy.port}`, "-id", "go", "-cases", names];
  await runCases(context, suite, kind, "server", "http2", ours, [goPeers, go], guideCases.go, "go");
  await proxy.kill();
  await ours.stop();
  const theirs = await ServerProcess.start(goPeers, ["server"]);
  proxy = await ProxyProcess.start(kind, theirs.port);
  const args = [join(programs, "client.js"), "http2", `127.0.0.1:${proxy.port}`, "ours", names];
  const peer = { ...kind, name: `${kind.name} and Go's server` };
  await runCases(context, suite, peer, "client", "http2", theirs, [process.execPath, args], guideCases.go, "ours");
  await proxy.kill();
  await theirs.stop();
}

function judge({ results }: Context, kind: ProxyKind, transport: Transport, name: string, fault: string | undefined) {
  const ok = fault === undefined;
  results.add({ suite, peer: kind.name, ours: "client", transport, name, ok, detail: fault ?? "" });
}

/** What is wrong where not all calls ended with OK. */
function allOk(counts: Counts, total: number): string | undefined {
  return counts["OK"] === total ? undefined : `of ${total}: ${JSON.stringify(counts)}`;
}

/** What is wrong where a call did not end, or hung until its deadline. */
function allEnded(counts: Counts, total: number): string | undefined {
  const ended = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const names = Object.keys(counts).filter((name) => !/^[A-Z_]+$/.test(name));
  return ended === total && names.length === 0 && counts["DEADLINE_EXCEEDED"] === undefined
    ? undefined
    : `of ${total}: ${JSON.stringify(counts)}`;
}

/** More calls than a connection may carry by nginx's defaults (1,000), and more at once than it allows (128). */
async function load(context: Context, kind: ProxyKind, transport: Transport): Promise<void> {
  const server = await serve();
  const proxy = await ProxyProcess.start(kind, server.port);
  const total = kind === nginx ? 12_000 : 2_000;
  const client = new LoadProcess(transport, proxy.port, { unary: total, bidi: 500 });
  const { unary, bidi } = await client.report();
  judge(context, kind, transport, `${total.toLocaleString("en")} unary calls, none lost`, allOk(unary, total));
  judge(context, kind, transport, "500 bidi calls at once, none lost", allOk(bidi, 500));
  await proxy.kill();
  await server.stop();
}

/** Reloaded while calls go on, and while calls are held open. */
async function reloads(context: Context, kind: ProxyKind, transport: Transport): Promise<void> {
  const server = await serve();
  const proxy = await ProxyProcess.start(kind, server.port);
  const client = new LoadProcess(transport, proxy.port, { unary: 3_000, hold: 20 });
  await client.holding;
  for (let i = 0; i < 3; i++) {
    await delay(400);
    await proxy.reload();
  }
  await delay(400);
  client.talk();
  const { unary, held } = await client.report();
  judge(context, kind, transport, "three reloads under 3,000 unary calls, none lost", allOk(unary, 3_000));
  judge(context, kind, transport, "calls open before a reload go on after it", allOk(held, 20));
  await proxy.kill();
  await server.stop();
}

/** Cuts calls and connections that are silent for a second. */
async function idle(context: Context, kind: ProxyKind, transport: Transport): Promise<void> {
  const server = await serve();
  const proxy = await ProxyProcess.start(kind, server.port, 1);
  const client = new LoadProcess(transport, proxy.port, { unary: 50, hold: 10, pauseMs: 3_000, after: 50 });
  const { held, after } = await client.report();
  const open = held["OK"] === undefined ? undefined : "a call that was cut ended with OK";
  judge(context, kind, transport, "calls that are cut for their silence end with a status", open ?? allEnded(held, 10));
  judge(context, kind, transport, "calls after a connection was cut for its silence", allOk(after, 50));
  await proxy.kill();
  await server.stop();
}

/** The server is killed under load and comes back; then the proxy is killed. */
async function killed(context: Context, kind: ProxyKind, transport: Transport): Promise<void> {
  const port = await freePort();
  let server = await serve(port);
  const proxy = await ProxyProcess.start(kind, port);
  // The pause is for the server to start again, on a machine that does other things too, and for the proxy to try it.
  const client = new LoadProcess(transport, proxy.port, { unary: 3_000, hold: 20, pauseMs: 6_000, after: 200 });
  await client.holding;
  await delay(200);
  await server.stop("SIGKILL");
  await delay(300);
  server = await serve(port);
  const { unary, held, after } = await client.report();
  judge(context, kind, transport, "a killed server: every unary call ends with a status", allEnded(unary, 3_000));
  const open = held["OK"] === undefined ? undefined : "a call to a killed server ended with OK";
  judge(context, kind, transport, "a killed server: every open call ends with a status", open ?? allEnded(held, 20));
  judge(context, kind, transport, "a server that is back is called again", allOk(after, 200));
  const last = new LoadProcess(transport, proxy.port, { hold: 20 });
  await last.holding;
  await proxy.kill();
  const ended = (await last.report()).held;
  const unavailable = ended["UNAVAILABLE"] === 20 ? undefined : JSON.stringify(ended);
  judge(context, kind, transport, "a killed proxy: every open call ends with UNAVAILABLE", unavailable);
  await server.stop();
}
