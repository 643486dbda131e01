import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer as createTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { type ConnectOptions, connect, RpcError, Server, status } from "../../../src/runtime/index.js";
import { TrialClient, TrialService, withDefaults } from "../../contract/harness/trial-service.js";
import { type Authority, certificates } from "../../support/certificates.js";
import { ConnectProxy, type ConnectProxyOptions } from "./connect-proxy.js";

const VARIABLES = ["grpc_proxy", "https_proxy", "http_proxy", "no_grpc_proxy", "no_proxy"].flatMap((name) => [
  name,
  name.toUpperCase(),
]);

let authority: Authority;
beforeAll(async () => {
  authority = await certificates();
});
afterEach(() => vi.unstubAllEnvs());

function stubEnvironment(env: Readonly<Record<string, string>>): void {
  for (const name of VARIABLES) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
}

/** A server, and a proxy that knows it as `server.test:443`, which nobody else does. */
async function setUp(options: Partial<ConnectProxyOptions> = {}, tls?: object) {
  const server = new Server().add(
    TrialService,
    withDefaults({
      greet: (request, call) => ({ value: `${request.value} ${call.metadata.get("x-none") ?? ""}`.trim() }),
      async *chat(call) {
        for await (const note of call) yield note;
      },
      async upload(call) {
        let bytes = 0;
        for await (const { value } of call) bytes += value.length;
        await call.sendAndClose({ value: bytes });
      },
    }),
  );
  const { port } = await server.listen("127.0.0.1:0", { tls });
  const proxy = await ConnectProxy.start({ names: { "server.test:443": port }, ...options });
  onTestFinished(async () => {
    await proxy.stop();
    await server.shutdown();
  });
  return { server, proxy, port };
}

function open(target: string, options: ConnectOptions = {}): TrialClient {
  const channel = connect(target, options);
  onTestFinished(() => channel.close());
  return new TrialClient(channel);
}

async function refusal(client: TrialClient): Promise<string> {
  const error: unknown = await client.greet({ value: "hi" }).catch((reason: unknown) => reason);
  if (!(error instanceof RpcError)) throw new Error(`not refused: ${String(error)}`);
  return `${status[error.code]} ${error.details}`;
}

describe("a proxy by option", () => {
  test("plain text: calls and streams go through the tunnel, to a name that the proxy alone knows", async () => {
    const { proxy } = await setUp();
    const client = open("http://server.test:443", { proxy: `http://127.0.0.1:${proxy.port}` });
    expect((await client.greet({ value: "hi" })).value).toBe("hi");
    const upload = client.upload();
    for (let i = 0; i < 64; i++) await upload.send({ value: new Uint8Array(64 * 1024) });
    expect((await upload.closeAndRecv()).value).toBe(64 * 64 * 1024);
    expect(proxy.asked.map(({ authority: asked, headers }) => [asked, headers.host])).toEqual([
      ["server.test:443", "server.test:443"],
    ]);
  });

  test("TLS through the tunnel: the certificate is the server's", async () => {
    const own = await authority.sign("21", "server.test");
    const { proxy } = await setUp({}, own);
    const options = {
      proxy: new URL(`http://127.0.0.1:${proxy.port}`),
      tls: { ca: authority.ca, servername: "localhost" },
    };
    const client = open("https://server.test:443", { ...options, proxy: options.proxy });
    const call = client.chat();
    await call.send({ value: "hi" });
    expect((await call.recv())?.value).toBe("hi");
    expect(call.connection?.tls?.certificate?.subject).toBe("CN=server.test");
    expect(call.connection?.peer).toBe("server.test:443");
    call.cancel();
    // It is checked against the target's name, not the proxy's.
    const stranger = open("https://server.test", { proxy: options.proxy, tls: { ca: authority.ca } });
    expect(await refusal(stranger)).toMatch(/^UNAVAILABLE .*server\.test/);
  });

  test("TLS to the proxy, and TLS to the server within it", async () => {
    const { proxy } = await setUp({ tls: authority.server }, authority.server);
    const tls = { ca: authority.ca };
    const client = open("https://server.test", {
      proxy: { url: `https://localhost:${proxy.port}`, tls },
      tls: { ...tls, servername: "localhost" },
    });
    expect((await client.greet({ value: "hi" })).value).toBe("hi");
    const unknown = open("https://server.test", { proxy: `https://localhost:${proxy.port}`, tls });
    expect(await refusal(unknown)).toMatch(/^UNAVAILABLE .*the proxy localhost:\d+: .*certificate/);
  });

  test("user and password, with characters that a URL must escape; headers of one's own", async () => {
    const { proxy } = await setUp({ credentials: "ada:p@ss/wörd" });
    const url = `http://ada:${encodeURIComponent("p@ss/wörd")}@127.0.0.1:${proxy.port}`;
    const client = open("http://server.test:443", { proxy: { url, headers: { "x-team": "orders" } } });
    expect((await client.greet({ value: "hi" })).value).toBe("hi");
    expect(proxy.asked[0]?.headers["x-team"]).toBe("orders");
  });

  test("a proxy that sends the server's first bytes with its answer", async () => {
    const { proxy } = await setUp({ joined: true });
    const client = open("http://server.test:443", { proxy: `http://127.0.0.1:${proxy.port}` });
    expect((await client.greet({ value: "hi" })).value).toBe("hi");
  });

  test("a lost tunnel: open calls end with a status, and the next call opens another", async () => {
    const { proxy, port } = await setUp();
    const client = open("http://server.test:443", { proxy: `http://127.0.0.1:${proxy.port}`, initialBackoffMs: 1 });
    const call = client.chat();
    await call.send({ value: "hi" });
    await call.recv();
    const proxyPort = proxy.port;
    await proxy.stop();
    expect((await call.status).code).toBe(status.UNAVAILABLE);
    expect(await refusal(client)).toMatch(
      new RegExp(`^UNAVAILABLE .*the proxy 127.0.0.1:${proxyPort}: .*ECONNREFUSED`),
    );
    expect(port).toBeGreaterThan(0);
  });
});

describe("a proxy that refuses is named, without its password", () => {
  test.each([
    [
      "407",
      { credentials: "a:b" },
      /answers CONNECT server\.test:443 with 407 Proxy Authentication Required: it asks for a user/,
    ],
    ["502", { names: {} }, /answers CONNECT server\.test:443 with 502 Bad Gateway/],
  ] as const)("%s", async (_, options, says) => {
    const { proxy } = await setUp(options);
    const said = await refusal(open("http://server.test:443", { proxy: `http://x:secret@127.0.0.1:${proxy.port}` }));
    expect(said).toMatch(/^UNAVAILABLE cannot connect to server\.test:443: the proxy 127\.0\.0\.1:\d+ /);
    expect(said).toMatch(says);
    expect(said).not.toContain("secret");
  });

  test("no answer within connectTimeoutMs: the connection to the proxy is given up", async () => {
    const { proxy } = await setUp({ silent: true });
    const client = open("http://server.test:443", { proxy: `http://127.0.0.1:${proxy.port}`, connectTimeoutMs: 50 });
    expect(await refusal(client)).toMatch(/^UNAVAILABLE .*no connection within 50 ms/);
    await vi.waitFor(() => expect(proxy.open).toBe(0));
  });

  test("what is no HTTP proxy", async () => {
    const other = createTcp((socket) => socket.on("error", () => {}).end("SSH-2.0-OpenSSH_9\r\n"));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === "object" ? address?.port : 0;
    expect(await refusal(open("http://server.test:443", { proxy: `http://127.0.0.1:${port}` }))).toMatch(
      /^UNAVAILABLE .*the proxy 127\.0\.0\.1:\d+: /,
    );
  });

  test.each([
    ["socks5://a:1", /the option proxy has the scheme "socks5:", which cannot be used; expected http:\/\/host:port/],
    ["nonsense", /the option proxy is no URL; expected/],
    [{ url: "http://a:1", hedaers: {} }, /the option proxy knows no option "hedaers"/],
    [{}, /the option proxy is no URL/],
  ])("%j is refused at once", (proxy, says) => {
    expect(() => connect("http://server.test:443", { proxy: proxy as string })).toThrow(TypeError);
    expect(() => connect("http://server.test:443", { proxy: proxy as string })).toThrow(says);
  });

  test("a unix: target has none", () => {
    expect(() => connect("unix:/a", { proxy: "http://a:1" })).toThrow("a unix: target is reached by no proxy");
  });
});

describe("a proxy by the environment", () => {
  test.each(["grpc_proxy", "https_proxy", "http_proxy", "HTTPS_PROXY"])("%s", async (name) => {
    const { proxy } = await setUp();
    stubEnvironment({ [name]: `http://127.0.0.1:${proxy.port}` });
    expect((await open("http://server.test:443").greet({ value: "hi" })).value).toBe("hi");
    expect(proxy.asked.length).toBe(1);
  });

  test("a proxy without a scheme is an http:// one, and is found for dns: targets", async () => {
    const { proxy } = await setUp();
    stubEnvironment({ https_proxy: `127.0.0.1:${proxy.port}` });
    expect((await open("dns:///server.test:443").greet({ value: "hi" })).value).toBe("hi");
  });

  test("proxy: false, no_proxy, and this machine's own addresses go straight", async () => {
    const { proxy, port } = await setUp();
    stubEnvironment({ https_proxy: `http://127.0.0.1:${proxy.port}`, no_proxy: "server.test" });
    expect((await open(`http://localhost:${port}`).greet({ value: "hi" })).value).toBe("hi");
    expect(await refusal(open("http://server.test:443"))).toMatch(/ENOTFOUND|EAI_AGAIN/);
    stubEnvironment({ https_proxy: `http://127.0.0.1:${proxy.port}` });
    expect(await refusal(open("http://server.test:443", { proxy: false }))).toMatch(/ENOTFOUND|EAI_AGAIN/);
    expect(proxy.asked).toEqual([]);
  });

  test("a proxy that cannot be used is an error which names the variable, not its value", () => {
    stubEnvironment({ https_proxy: "socks5h://ada:secret@a:1080" });
    expect(() => connect("http://server.test:443")).toThrow(/the environment's https_proxy has the scheme "socks5h:"/);
    expect(() => connect("http://server.test:443")).not.toThrow("secret");
    expect(() => connect("http://127.0.0.1:1")).not.toThrow();
  });
});

/** Of Debian's package tinyproxy-bin. */
const tinyproxy = (() => {
  try {
    return execFileSync("tinyproxy", ["-v"], { encoding: "utf8" }).includes("tinyproxy");
  } catch {
    return false;
  }
})();

describe.skipIf(!tinyproxy)("tinyproxy", () => {
  test("TLS through it, with its password and without", async () => {
    const server = new Server().add(TrialService, withDefaults({ greet: (request) => request }));
    onTestFinished(() => server.shutdown());
    const { port } = await server.listen("127.0.0.1:0", { tls: authority.server });
    const probe = createTcp();
    await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
    const address = probe.address();
    const free = typeof address === "object" ? address?.port : 0;
    await new Promise((resolve) => probe.close(resolve));
    const config = [`Port ${free}`, "Listen 127.0.0.1", "Allow 127.0.0.1", "BasicAuth ada secret", "Timeout 60"].join(
      "\n",
    );
    const file = join(mkdtempSync(join(tmpdir(), "tinyproxy-")), "tinyproxy.conf");
    writeFileSync(file, `${config}\n`);
    const child = spawn("tinyproxy", ["-d", "-c", file], { stdio: "ignore" });
    onTestFinished(async () => {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    });
    const tls = { ca: authority.ca };
    const withPassword = open(`https://localhost:${port}`, {
      proxy: `http://ada:secret@127.0.0.1:${free}`,
      tls,
      initialBackoffMs: 5,
      maxBackoffMs: 20,
    });
    expect((await withPassword.greet({ value: "hi" }, { waitForReady: true, timeoutMs: 20_000 })).value).toBe("hi");
    const without = open(`https://localhost:${port}`, { proxy: `http://127.0.0.1:${free}`, tls });
    expect(await refusal(without)).toMatch(/^UNAVAILABLE .*407/);
  });
});
