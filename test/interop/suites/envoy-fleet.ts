import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FleetClient } from "../fleet/fleet-client.js";
import { FleetServer, type FleetServerOptions } from "../fleet/fleet-server.js";
import { patient } from "../fleet/plan.js";
import { count, lastFailure, spread, total } from "../fleet/tally.js";
import type { Context } from "../harness/context.js";
import { execOk } from "../harness/exec.js";
import { cache, root } from "../harness/paths.js";
import { freePort } from "../harness/ports.js";
import { EnvoyFleet, type EnvoyFleetOptions } from "../proxies/envoy-fleet.js";
import { installEnvoy } from "../proxies/install.js";

const suite = "envoy-fleet";
const IDS = ["a", "b", "c"];

/** What stands for each file that an example names. */
type Files = Readonly<Record<string, string>>;

type Start = (servers: readonly FleetServer[]) => Promise<EnvoyFleet>;

/** Three of our servers behind Envoy, with our client in front of it. */
interface Scene {
  readonly context: Context;
  readonly servers: FleetServer[];
  readonly envoy: EnvoyFleet;
  readonly client: FleetClient;
  judge(name: string, fault: string | undefined): void;
}

/** What Envoy does for a fleet, shown with our client and our servers on either side of it. */
export async function runEnvoyFleet(context: Context): Promise<void> {
  if (!(await installEnvoy(context))) return;
  await scene(context, "round robin", {}, {}, roundRobin);
  await scene(context, "retries", { retries: 3 }, {}, killed);
  await scene(context, "rolling restart", { retries: 3, healthChecks: true }, { drainMs: 700 }, rollingRestart);
  await scene(context, "health", { healthChecks: true }, {}, unhealthy);
  await scene(context, "outliers", { outliers: 3 }, {}, outliers);
  await scene(context, "endpoints", {}, {}, addedAndRemoved);
  await scene(context, "envoy.yaml", (servers) => startExample("envoy.yaml", servers), { drainMs: 2_500 }, recipe);
  if (context.goPeers === undefined)
    return context.results.skip("mTLS behind Envoy", "its certificates are made by a Go program");
  const certs = join(cache, "certs");
  await execOk(context.goPeers, ["certs", "-out", certs]);
  const [cert, key, ca] = ["server.pem", "server.key", "ca.pem"].map((name) => join(certs, name)) as [
    string,
    string,
    string,
  ];
  const socket = join(await mkdtemp(join(tmpdir(), "sidecar-")), "socket");
  const files: Files = {
    "/run/envoy/grpc": socket,
    "/etc/tls/tls.crt": join(certs, "client.pem"),
    "/etc/tls/tls.key": join(certs, "client.key"),
    "/etc/tls/ca.crt": ca,
  };
  const start: Start = (servers) => startExample("envoy-sidecar.yaml", servers, files);
  await scene(context, "sidecar", start, { cert, key, ca }, sidecar);
  const strangers = join(cache, "strangers");
  await execOk(context.goPeers, ["certs", "-out", strangers]);
  const stranger = { ...files, "/etc/tls/tls.crt": join(strangers, "client.pem") };
  const known = { cert, key, ca };
  const withoutCertificate = (yaml: string): string => yaml.replace(/^ +tls_certificates:\n(?:.*\n){2}/m, "");
  await notLetIn(context, "no certificate", known, /did not return a certificate/, (servers) =>
    startExample("envoy-sidecar.yaml", servers, files, withoutCertificate),
  );
  await notLetIn(context, "a stranger's certificate", known, /certificate|verify|authority/i, (servers) =>
    startExample("envoy-sidecar.yaml", servers, { ...stranger, "/etc/tls/tls.key": join(strangers, "client.key") }),
  );
}

/** An Envoy that our servers do not let in: its callers are told, and so is who looks at the server. */
async function notLetIn(
  { results }: Context,
  name: string,
  options: FleetServerOptions,
  reason: RegExp,
  start: Start,
): Promise<void> {
  const judge = (what: string, fault: string | undefined): void => {
    const line = { suite, peer: "Envoy", ours: "-" as const, transport: "http2", name: `mTLS, ${name}: ${what}` };
    results.add({ ...line, ok: fault === undefined, detail: fault ?? "" });
  };
  const servers = await Promise.all(IDS.map((id) => FleetServer.start(id, options)));
  const envoy = await start(servers);
  const program = join(cache, "js", "programs", "fleet", "client.js");
  const client = new FleetClient(process.execPath, [program, "http2", envoy.target, JSON.stringify(patient)]);
  try {
    const failed = await client.until(0, (windows) => count(total(windows, "fail")) >= 50, 30_000);
    const codes = Object.keys(total(client.windows, "fail")).join();
    judge("every call is UNAVAILABLE", failed && codes === "UNAVAILABLE" ? undefined : `${codes} ${client.stderr}`);
    const why = lastFailure(client.windows);
    // With TLS 1.3 the refusal comes after Envoy's side of the handshake: it does not always say that it was TLS.
    judge("the caller is told that Envoy cannot connect", /upstream connect error/.test(why) ? undefined : why);
    judge("no call is answered", count(total(client.windows, "ok")) === 0 ? undefined : "some were");
    const told = servers.flatMap(({ refusals }) => refusals);
    judge("the server says why", told.some((text) => reason.test(text)) ? undefined : told.slice(0, 3).join("; "));
  } finally {
    client.kill();
    await envoy.stop();
    await Promise.all(servers.map((server) => server.stop("SIGKILL")));
  }
}

async function scene(
  context: Context,
  name: string,
  envoyOptions: Omit<EnvoyFleetOptions, "endpoints"> | Start,
  serverOptions: FleetServerOptions,
  run: (scene: Scene) => Promise<void>,
): Promise<void> {
  const judge = (what: string, fault: string | undefined): void => {
    const ok = fault === undefined;
    const line = { suite, peer: "Envoy", ours: "-" as const, transport: "http2", name: `${name}: ${what}` };
    context.results.add({ ...line, ok, detail: fault ?? "" });
  };
  const start: Start =
    typeof envoyOptions === "function" ? envoyOptions : (endpoints) => EnvoyFleet.start({ ...envoyOptions, endpoints });
  const servers = await Promise.all(IDS.map((id) => FleetServer.start(id, serverOptions)));
  const ends: (() => unknown)[] = [() => Promise.all(servers.map((server) => server.stop("SIGKILL")))];
  try {
    const envoy = await start(servers);
    ends.push(() => envoy.stop());
    const program = join(cache, "js", "programs", "fleet", "client.js");
    const client = new FleetClient(process.execPath, [program, "http2", envoy.target, JSON.stringify(patient)]);
    ends.push(() => client.kill());
    const all = (windows: Parameters<typeof total>[0]) => IDS.every((id) => (total(windows, "ok")[id] ?? 0) > 50);
    if (!(await client.until(0, all))) throw new Error(`not all servers answer: ${lastFailure(client.windows)}`);
    await run({ context, servers, envoy, client, judge });
  } catch (error) {
    judge("runs", error instanceof Error ? error.message : String(error));
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** Envoy with a configuration of examples/fleet, at free ports and with files of the run's own. */
async function startExample(
  name: string,
  servers: readonly FleetServer[],
  files: Files = {},
  change = (yaml: string): string => yaml,
): Promise<EnvoyFleet> {
  const [port, admin] = [await freePort(), await freePort()];
  const own = servers.map((server, i) => [50_051 + i, server.port] as const);
  const ports = new Map([[50_050, port], [50_059, admin], ...own]);
  let yaml = await readFile(join(root, "examples", "fleet", name), "utf8");
  yaml = yaml.replace(/(?<=port_value: )\d+/g, (given) => String(ports.get(Number(given)) ?? given));
  for (const [path, instead] of Object.entries(files)) yaml = yaml.replaceAll(path, instead);
  const socket = files["/run/envoy/grpc"];
  const target = socket === undefined ? `http://127.0.0.1:${port}` : `unix:${socket}`;
  return await EnvoyFleet.startWith(target, admin, change(yaml));
}

async function recipe({ client, judge, servers, envoy }: Scene): Promise<void> {
  const [first, second] = servers as [FleetServer, FleetServer];
  await first.stop("SIGTERM");
  const healthy = await envoy.until((stats) => stats["cluster.data.membership_healthy"] === 2);
  judge("a server that drains is left", healthy ? undefined : "it is not");
  await second.stop("SIGKILL");
  const moment = Date.now();
  await client.until(moment, (windows) => count(total(windows, "ok")) >= 1_000, 30_000);
  await client.stop();
  judge("one drains, one is killed: no unary call is lost", noFailure(client));
  judge("every stream ends with a status", streamsEnded(client));
  const counted = (await envoy.stats())["cluster.data.grpc.streaming.DataService.GetData.0"] ?? 0;
  const made = count(total(client.windows, "ok"));
  judge("grpc_stats counts", counted === made ? undefined : `${counted} of ${made}`);
}

const noFailure = ({ windows }: FleetClient): string | undefined =>
  count(total(windows, "fail")) === 0 ? undefined : lastFailure(windows);

/** Every stream that was opened ended, with a status. */
function streamsEnded({ windows }: FleetClient): string | undefined {
  const [opened, ended] = [count(total(windows, "opened")), total(windows, "ended")];
  const strange = Object.keys(ended).filter((name) => !/^[A-Z_]+$/.test(name));
  return opened <= count(ended) && strange.length === 0
    ? undefined
    : `${opened} opened, ended: ${JSON.stringify(ended)}`;
}

async function roundRobin({ client, judge, envoy }: Scene): Promise<void> {
  await client.until(0, (windows) => count(total(windows, "ok")) >= 3_000, 60_000);
  await client.stop();
  const answers = total(client.windows, "ok");
  judge("3,000 calls, none lost", noFailure(client));
  const off = spread(answers, IDS);
  judge(
    "no server is more than 10 % from its part",
    off <= 10 ? undefined : `${off.toFixed(1)} %: ${JSON.stringify(answers)}`,
  );
  const streams = total(client.windows, "opened");
  judge(
    "12 streams over one connection reach all three",
    Object.keys(streams).length === 3 ? undefined : JSON.stringify(streams),
  );
  judge(
    "every stream ends with OK",
    total(client.windows, "ended")["OK"] === 12 ? undefined : (streamsEnded(client) ?? "not OK"),
  );
  // What grpc_stats counts is what the client saw.
  const stats = await envoy.stats();
  const counted = stats["cluster.servers.grpc.streaming.DataService.GetData.0"];
  const made = count(answers);
  judge(
    "grpc_stats counts each call and its status",
    counted === made
      ? undefined
      : `${counted} of ${made}: ${JSON.stringify(Object.entries(stats).filter(([name]) => name.includes(".grpc.")))}`,
  );
}

async function killed({ client, judge, servers }: Scene): Promise<void> {
  const moment = Date.now();
  await servers[0]?.stop("SIGKILL");
  await client.until(moment, (windows) => count(total(windows, "ok")) >= 2_000, 60_000);
  await client.stop();
  judge("a server is killed: no unary call is lost", noFailure(client));
  judge("a server is killed: every stream ends with a status", streamsEnded(client));
}

async function rollingRestart({ client, judge, servers, envoy }: Scene): Promise<void> {
  for (const [at, server] of servers.entries()) {
    await server.stop("SIGTERM");
    const moment = Date.now();
    servers[at] = await FleetServer.start(server.id, { port: server.port, drainMs: 700 });
    await client.until(moment, (windows) => (total(windows, "ok")[server.id] ?? 0) > 50);
  }
  await client.stop();
  judge("three servers drain on SIGTERM and come back: no unary call is lost", noFailure(client));
  judge("three servers drain on SIGTERM and come back: every stream ends with a status", streamsEnded(client));
  const { "cluster.servers.membership_healthy": healthy } = await envoy.stats();
  judge("all three are healthy again", healthy === 3 ? undefined : `${healthy} are`);
}

async function unhealthy({ client, judge, servers, envoy }: Scene): Promise<void> {
  servers[1]?.tell("unhealthy");
  const noticed = await envoy.until((stats) => stats["cluster.servers.membership_healthy"] === 2);
  judge("NOT_SERVING is noticed", noticed ? undefined : "it is not");
  await client.untilQuiet(Date.now(), ({ ok }) => ok["b"] !== undefined);
  const moment = Date.now();
  await client.until(moment, (windows) => count(total(windows, "ok")) >= 500);
  const during = total(client.since(moment), "ok");
  judge("it gets no calls", during["b"] === undefined ? undefined : JSON.stringify(during));
  servers[1]?.tell("healthy");
  const back = Date.now();
  const again = await client.until(back, (windows) => (total(windows, "ok")["b"] ?? 0) > 50);
  judge(
    "it gets calls again once it says SERVING",
    again ? undefined : JSON.stringify(total(client.since(back), "ok")),
  );
  await client.stop();
  judge("no call is lost", noFailure(client));
}

async function outliers({ client, judge, servers, envoy }: Scene): Promise<void> {
  servers[2]?.tell("fail");
  const ejected = await envoy.until((stats) => stats["cluster.servers.outlier_detection.ejections_active"] === 1);
  judge("a server that answers UNAVAILABLE is ejected", ejected ? undefined : "it is not");
  await client.untilQuiet(Date.now(), ({ fail }) => count(fail) > 0);
  const moment = Date.now();
  await client.until(moment, (windows) => count(total(windows, "ok")) >= 500);
  const failed = lastFailure(client.since(moment));
  judge("no call fails from then on", count(total(client.since(moment), "fail")) === 0 ? undefined : failed);
  await client.stop();
  const codes = Object.keys(total(client.windows, "fail"));
  judge("its calls failed with its own status", codes.join() === "UNAVAILABLE" ? undefined : codes.join());
}

async function addedAndRemoved({ client, judge, servers, envoy }: Scene): Promise<void> {
  const fourth = await FleetServer.start("d");
  servers.push(fourth);
  const added = Date.now();
  await envoy.setEndpoints(servers);
  const called = await client.until(added, (windows) => (total(windows, "ok")["d"] ?? 0) > 50);
  judge("a server that is added is called", called ? undefined : lastFailure(client.since(added)));
  await envoy.setEndpoints(servers.slice(1));
  const gone = await envoy.until((stats) => stats["cluster.servers.membership_total"] === 3);
  await client.untilQuiet(Date.now(), ({ ok }) => ok["a"] !== undefined);
  const removed = Date.now();
  await client.until(removed, (windows) => count(total(windows, "ok")) >= 500);
  const after = total(client.since(removed), "ok");
  judge("one that is removed is not", gone && after["a"] === undefined ? undefined : JSON.stringify(after));
  // Listeners drain: GOAWAY to our client, whose streams go on and whose calls find no other Envoy here.
  const drained = Date.now();
  await envoy.drain();
  await client.until(drained, (windows) => count(total(windows, "echoes")) >= 100);
  const streams = total(client.since(drained), "ended");
  judge("Envoy drains: open streams go on", count(streams) === 0 ? undefined : JSON.stringify(streams));
  judge(
    "no call is lost until then",
    count(
      total(
        client.windows.filter(({ t }) => t < drained),
        "fail",
      ),
    ) === 0
      ? undefined
      : lastFailure(client.windows),
  );
}

async function sidecar({ client, judge }: Scene): Promise<void> {
  await client.until(0, (windows) => count(total(windows, "ok")) >= 1_000, 30_000);
  await client.stop();
  judge("a unix socket here, mTLS to three servers there: no call is lost", noFailure(client));
  const clients = new Set(client.windows.flatMap(({ opened }) => Object.keys(opened)));
  judge("streams reach all three", clients.size === 3 ? undefined : [...clients].join());
}
