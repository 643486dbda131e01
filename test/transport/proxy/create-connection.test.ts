import { AsyncLocalStorage } from "node:async_hooks";
import { spawn } from "node:child_process";
import { connect as connectTcp, createServer as createTcp } from "node:net";
import { Duplex } from "node:stream";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  type ConnectionRequest,
  type ConnectOptions,
  type CreateConnection,
  connect,
  RpcError,
  Server,
  status,
} from "../../../src/runtime/index.js";
import { TrialClient, TrialService, withDefaults } from "../../contract/harness/trial-service.js";
import { type Authority, certificates } from "../../support/certificates.js";
import { duplexOver } from "../../support/duplex-over.js";

let authority: Authority;
beforeAll(async () => {
  authority = await certificates();
});

async function serve(tls?: object): Promise<number> {
  const server = new Server().add(
    TrialService,
    withDefaults({
      greet: (request) => request,
      async upload(call) {
        let bytes = 0;
        for await (const { value } of call) bytes += value.length;
        await call.sendAndClose({ value: bytes });
      },
    }),
  );
  onTestFinished(() => server.shutdown());
  return (await server.listen("127.0.0.1:0", { tls })).port;
}

function open(target: string, options: ConnectOptions): TrialClient {
  const channel = connect(target, options);
  onTestFinished(() => channel.close());
  return new TrialClient(channel);
}

async function outcome(client: TrialClient): Promise<string> {
  return await client.greet({ value: "hi" }).then(
    ({ value }) => value,
    (error) => (error instanceof RpcError ? `${status[error.code]} ${error.details}` : String(error)),
  );
}

/** A Duplex that is no socket. */
const wrapped = (port: number): Duplex => duplexOver(connectTcp(port, "127.0.0.1"));

/** Streams of a child process's stdin and stdout, as of `ssh -W host:port gateway`. */
function piped(port: number): Duplex {
  const relay = `const s = require("net").connect(${port}, "127.0.0.1"); process.stdin.pipe(s).pipe(process.stdout);`;
  const child = spawn(process.execPath, ["-e", relay], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return Duplex.from({ readable: child.stdout, writable: child.stdin });
}

const makers: Readonly<Record<string, (port: number) => CreateConnection>> = {
  "a socket that is connecting": (port) => () => connectTcp(port, "127.0.0.1"),
  "a promise of a connected socket": (port) => () =>
    new Promise((resolve) => {
      const socket = connectTcp(port, "127.0.0.1", () => resolve(socket));
    }),
  "a Duplex that is no socket": (port) => () => wrapped(port),
  "a child process": (port) => async () => piped(port),
};

describe.each(Object.entries(makers))("createConnection: %s", (_, make) => {
  test.each(["http", "https"] as const)("%s", async (scheme) => {
    const port = await serve(scheme === "https" ? authority.server : undefined);
    const options = scheme === "https" ? { tls: { ca: authority.ca } } : {};
    const client = open(`${scheme}://localhost:7`, { ...options, createConnection: make(port) });
    expect(await outcome(client)).toBe("hi");
    const upload = client.upload();
    for (let i = 0; i < 32; i++) await upload.send({ value: new Uint8Array(64 * 1024) });
    expect((await upload.closeAndRecv()).value).toBe(32 * 64 * 1024);
  });
});

test("it is told what the target says", async () => {
  const port = await serve();
  const requests: Omit<ConnectionRequest, "signal">[] = [];
  const createConnection: CreateConnection = ({ signal, ...request }) => {
    expect(signal.aborted).toBe(false);
    requests.push(request);
    return connectTcp(port, "127.0.0.1");
  };
  for (const target of ["http://a.test:5", "http://[::2]:6", "unix:/a/b", "dns:///c.test"]) {
    expect(await outcome(open(target, { createConnection }))).toBe("hi");
  }
  const none = { host: undefined, port: undefined, path: undefined };
  expect(requests).toEqual([
    { ...none, host: "a.test", port: 5 },
    { ...none, host: "::2", port: 6 },
    { ...none, path: "/a/b" },
    { ...none, host: "c.test", port: 443 },
  ]);
});

test("it runs in nobody's context (P18), once for each connection", async () => {
  const port = await serve();
  const storage = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  const client = open("http://a.test", {
    createConnection: () => {
      seen.push(storage.getStore());
      return connectTcp(port, "127.0.0.1");
    },
  });
  await storage.run("a call", () => outcome(client));
  expect(await outcome(client)).toBe("hi");
  expect(seen).toEqual([undefined]);
});

test.each<[string, CreateConnection, string]>([
  [
    "throws",
    () => {
      throw new Error("no way");
    },
    "no way",
  ],
  ["rejects", () => Promise.reject(new Error("no way")), "no way"],
  ["rejects with no error", () => Promise.reject("no way"), "no way"],
  ["returns none", () => undefined as unknown as Duplex, "createConnection returned no Duplex stream"],
  ["returns another thing", () => ({ on() {} }) as unknown as Duplex, "createConnection returned no Duplex stream"],
  ["returns a stream that fails", () => connectTcp(1, "127.0.0.1"), "ECONNREFUSED"],
  ["returns a stream that is destroyed", () => new Duplex({ read() {} }).destroy(), "the server hung up"],
])("one that %s fails the attempt (P20)", async (_, createConnection, says) => {
  for (const target of ["http://a.test:5", "https://a.test:5"]) {
    const said = await outcome(open(target, { createConnection, connectTimeoutMs: 5_000 }));
    expect(said).toMatch(/^UNAVAILABLE cannot connect to a\.test:5: /);
    expect(said).toContain(says);
  }
});

test("a stream that comes too late is closed, and its signal says so", async () => {
  const port = await serve();
  let late: Duplex | undefined;
  const createConnection: CreateConnection = ({ signal }) =>
    new Promise((resolve) => {
      signal.addEventListener("abort", () => {
        late = connectTcp(port, "127.0.0.1");
        resolve(late);
      });
    });
  const client = open("http://a.test", { createConnection, connectTimeoutMs: 20 });
  expect(await outcome(client)).toContain("no connection within 20 ms");
  await vi.waitFor(() => expect(late?.destroyed).toBe(true));
});

test("closing the channel gives up", async () => {
  let aborted = false;
  const channel = connect("http://a.test", {
    createConnection: ({ signal }) => {
      signal.addEventListener("abort", () => {
        aborted = true;
      });
      return new Promise(() => {});
    },
  });
  const call = outcome(new TrialClient(channel));
  await vi.waitFor(() => expect(channel.state).toBe("connecting"));
  await channel.close();
  expect(await call).toMatch(/^CANCELLED/);
  expect(aborted).toBe(true);
});

test("with a proxy it is refused, with proxy: false it is not", () => {
  const createConnection = () => connectTcp(1, "127.0.0.1");
  expect(() => connect("http://a.test", { createConnection, proxy: "http://b:1" })).toThrow("exclude each other");
  expect(() => connect("http://a.test", { createConnection, proxy: false })).not.toThrow();
  const none = "no function" as unknown as CreateConnection;
  expect(() => connect("http://a.test", { createConnection: none })).toThrow("createConnection must be a function");
});

test("a server that never says a word does not hold the stream", async () => {
  const silent = createTcp(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void silent.close());
  const address = silent.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  let stream: Duplex | undefined;
  const client = open("https://a.test", {
    connectTimeoutMs: 50,
    createConnection: () => {
      stream = wrapped(port);
      return stream;
    },
  });
  expect(await outcome(client)).toContain("no connection within 50 ms");
  await vi.waitFor(() => expect(stream?.destroyed).toBe(true));
});
