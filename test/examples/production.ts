import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "gen-stubs-runtime";
import { HealthClient, ServingStatus } from "gen-stubs-runtime/health";
import { ServerReflectionClient } from "gen-stubs-runtime/reflection";
import { afterEach, expect, test } from "vitest";
import { Collector, plain } from "../opentelemetry/collector.js";
import { type Authority, certificates, type Pair } from "../support/certificates.js";
import { repository } from "../support/packed.js";
import { type Background, background, run, runOk } from "../support/shell.js";

/** `examples/production` as it runs: a server and clients, each a process of its own, and certificates in files. */
const here = { cwd: join(repository, "examples/dist/production") };
/** As above, with a collector of traces. */
const traced = (url: string) => ({ ...here, env: { OTEL_EXPORTER_OTLP_ENDPOINT: url } });
let collector: Collector;
let authority: Authority;
let folder: string;
const started: Background[] = [];

/** A folder of certificates for a program. */
function certificatesOf(pair: Pair): string {
  const own = mkdtempSync(join(folder, "certificates-"));
  writeFileSync(join(own, "tls.crt"), pair.cert);
  writeFileSync(join(own, "tls.key"), pair.key);
  writeFileSync(join(own, "ca.crt"), authority.ca);
  return own;
}

function start(...args: [string, ...string[]]): Background {
  const process_ = background([process.execPath, ...args], traced(collector.url));
  started.push(process_);
  return process_;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** The tests, for the file that has built the examples. */
export function production(): void {
  afterEach(async () => {
    await Promise.all(started.splice(0).map((process) => process.stop("SIGKILL")));
    rmSync(folder, { recursive: true, force: true });
    await collector.stop();
  });

  test("serves, refuses with details, changes certificates under open calls, and stops without losing any", async () => {
    authority = await certificates();
    collector = await Collector.start();
    folder = mkdtempSync(join(tmpdir(), "gen-stubs-production-"));
    const [servers, clients] = [certificatesOf(authority.server), certificatesOf(authority.client)];
    const server = start("server.js", "127.0.0.1:0", servers);
    const address = (await server.line).replace("listening on ", "");

    const watch = start("client.js", address, clients, "watch");
    await watch.printed(/watching/);

    const { stdout } = await runOk([process.execPath, "client.js", address, clients], traced(collector.url));
    expect(stdout.trim().split("\n")).toEqual([
      "placed: 2 tea for ada",
      "nothing of it: INVALID_ARGUMENT (quantity must be greater than or equal to 1 and less than or equal to 100)",
      "refused here already: INVALID_ARGUMENT (item must be at least 1 characters)",
      "no such item: NOT_FOUND (item milk)",
      "without a token: UNAUTHENTICATED (TOKEN_UNKNOWN)",
    ]);
    await watch.printed(/order 1: 2 tea/);
    expect(server.output()).toMatch(
      /server \/orders\.v1\.Orders\/PlaceOrder OK [\d.]+ ms 127\.0\.0\.1:\d+ x-request-id=r1/,
    );

    // Another program with a certificate of the same authority.
    const foreign = certificatesOf(await authority.sign("21", "somebody"));
    expect((await run([process.execPath, "client.js", address, foreign], traced(collector.url))).output).toContain(
      "PERMISSION_DENIED",
    );

    const tls = { ca: authority.ca, ...authority.client };
    {
      await using channel = connect(`https://${address}`, { tls });
      expect(await new HealthClient(channel).check({ service: "orders.v1.Orders" })).toMatchObject({
        status: ServingStatus.SERVING,
      });
      const reflection = new ServerReflectionClient(channel).serverReflectionInfo();
      await reflection.send({ messageRequest: { case: "listServices", value: "" } });
      const answer = (await reflection.recv())?.messageResponse;
      const names = answer?.case === "listServicesResponse" ? answer.value.service.map(({ name }) => name) : [];
      expect(names).toContain("orders.v1.Orders");
      expect(names).toContain("grpc.health.v1.Health");
      await reflection.closeSend();
    }

    const renewed = await authority.sign("31", "server");
    writeFileSync(join(servers, "tls.crt"), renewed.cert);
    writeFileSync(join(servers, "tls.key"), renewed.key);
    await server.printed(/new certificates/);
    {
      await using channel = connect(`https://${address}`, { tls });
      const states = new HealthClient(channel).watch({ service: "" });
      expect((await states.recv())?.status).toBe(ServingStatus.SERVING);
      expect(states.connection?.tls?.certificate?.serialNumber).toBe("31");
      await runOk([process.execPath, "client.js", address, clients], traced(collector.url));
      await watch.printed(/order 2: 2 tea/); // over its old connection

      server.child.kill("SIGTERM");
      expect((await states.recv())?.status).toBe(ServingStatus.NOT_SERVING);
      states.cancel();
    }
    await watch.printed(/watched to the end: OK/);
    expect(await watch.ended).toBe(0);
    expect(await server.ended).toBe(0);
    expect(server.output()).toContain("stopped");

    // The first order's span on the server is the child of the client's.
    const orders = collector.spans.filter(({ name }) => name === "orders.v1.Orders/PlaceOrder");
    const ids = new Set(orders.map(({ spanId }) => hex(spanId)));
    const children = orders.filter(({ parentSpanId }) => ids.has(hex(parentSpanId)));
    expect(children.length).toBeGreaterThan(0);
    expect(plain(children[0]?.attributes ?? [])["rpc.system.name"]).toBe("grpc");
    // Its watch is one span on each side.
    expect(collector.spans.filter(({ name }) => name === "orders.v1.Orders/WatchOrders")).toHaveLength(2);
  }, 60_000);
}
