import { connect as connectTcp } from "node:net";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { type ConnectOptions, connect, RpcError, Server, status } from "../../../src/runtime/index.js";
import { TrialClient, TrialService, withDefaults } from "../../contract/harness/trial-service.js";
import { ConnectProxy } from "./connect-proxy.js";

afterEach(() => vi.unstubAllEnvs());

function environment(env: Readonly<Record<string, string>>): void {
  const names = ["grpc_proxy", "https_proxy", "http_proxy", "no_grpc_proxy", "no_proxy"];
  for (const name of names.flatMap((one) => [one, one.toUpperCase()])) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
}

/** Two servers at addresses of which the proxy alone knows: 10.0.0.1:1 and 10.0.0.2:1, and server.test:1, which is the first. */
async function setUp() {
  const ports = await Promise.all(
    ["one", "two"].map(async (value) => {
      const server = new Server().add(TrialService, withDefaults({ greet: () => ({ value }) }));
      onTestFinished(() => server.shutdown());
      return (await server.listen("127.0.0.1:0")).port;
    }),
  );
  const [one = 0, two = 0] = ports;
  const proxy = await ConnectProxy.start({ names: { "10.0.0.1:1": one, "10.0.0.2:1": two, "server.test:1": one } });
  onTestFinished(() => proxy.stop());
  return { proxy, url: `http://127.0.0.1:${proxy.port}`, ports };
}

function open(target: string | string[], options: ConnectOptions): TrialClient {
  const channel = connect(target, options);
  onTestFinished(() => channel.close());
  return new TrialClient(channel);
}

async function answers(client: TrialClient, calls: number): Promise<string[]> {
  const values: string[] = [];
  for (let i = 0; i < calls; i++) values.push((await client.greet({ value: "" }, { waitForReady: true })).value);
  return [...new Set(values)].sort();
}

const addresses = ["http://10.0.0.1:1", "http://10.0.0.2:1"];
const resolver: ConnectOptions["resolver"] = (_, listener) => {
  listener.onResult({
    addresses: [
      { host: "10.0.0.1", port: 1 },
      { host: "10.0.0.2", port: 1 },
    ],
  });
  return { refresh() {}, close() {} };
};

test.each(["option", "environment"])("each of a list of addresses is reached through the proxy: by %s", async (by) => {
  const { proxy, url } = await setUp();
  environment(by === "environment" ? { https_proxy: url } : {});
  const client = open(addresses, { loadBalancing: "round_robin", ...(by === "option" ? { proxy: url } : {}) });
  await vi.waitFor(async () => expect(await answers(client, 10)).toEqual(["one", "two"]));
  expect(proxy.asked.map(({ authority }) => authority).sort()).toEqual(["10.0.0.1:1", "10.0.0.2:1"]);
});

test("dns: without a policy: the proxy looks the name up", async () => {
  const { proxy, url } = await setUp();
  environment({ https_proxy: url });
  expect(await answers(open("dns:///server.test:1", {}), 2)).toEqual(["one"]);
  expect(proxy.asked.map(({ authority }) => authority)).toEqual(["server.test:1"]);
});

test("a name that no_proxy excepts takes its addresses with it", async () => {
  const { proxy, url } = await setUp();
  environment({ https_proxy: url, no_proxy: "server.test" });
  const client = open("mine:///server.test:1", { resolver, connectTimeoutMs: 100 });
  const error: unknown = await client.greet({ value: "" }, { timeoutMs: 1_000 }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RpcError);
  expect(proxy.asked).toEqual([]);
  environment({ https_proxy: url });
  const proxied = open("mine:///server.test:1", { resolver, loadBalancing: "round_robin" });
  await vi.waitFor(async () => expect(await answers(proxied, 10)).toEqual(["one", "two"]));
});

test("createConnection is asked for each address", async () => {
  const { ports } = await setUp();
  const asked: unknown[] = [];
  const client = open(addresses, {
    loadBalancing: "round_robin",
    createConnection: ({ host, port }) => {
      asked.push(`${host}:${port}`);
      return connectTcp(ports[host === "10.0.0.1" ? 0 : 1] ?? 0, "127.0.0.1");
    },
  });
  await vi.waitFor(async () => expect(await answers(client, 10)).toEqual(["one", "two"]));
  expect(asked.sort()).toEqual(["10.0.0.1:1", "10.0.0.2:1"]);
});

test("options that cannot be are told at once", () => {
  const createConnection = () => connectTcp(1, "127.0.0.1");
  expect(() => connect(addresses, { proxy: "socks5://a:1" })).toThrow('the option proxy has the scheme "socks5:"');
  expect(() => connect(addresses, { proxy: "http://a:1", createConnection })).toThrow("exclude each other");
});

test("a list with a socket of the file system and a proxy: its attempt says why", async () => {
  const client = open(["unix:/a", "unix:/b"], { proxy: "http://127.0.0.1:1" });
  const error: unknown = await client.greet({ value: "" }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: status.UNAVAILABLE,
    details: expect.stringContaining("leave the option proxy out"),
  });
});
