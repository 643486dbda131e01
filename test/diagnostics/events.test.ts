import { channel as diagnostics } from "node:diagnostics_channel";
import { afterEach, expect, test } from "vitest";
import { connect, type ResolverListener, Server, status } from "../../src/runtime/index.js";
import { readAll, rejection, turn } from "../contract/harness/harness.js";
import { TrialClient, type TrialHandlers, TrialService, withDefaults } from "../contract/harness/trial-service.js";
import { repository } from "../support/packed.js";
import { run } from "../support/shell.js";

const undo: (() => void)[] = [];

afterEach(() => {
  for (const one of undo.splice(0)) one();
});

/** All events of one name, from now to the end of the test. */
function heard(name: string): Record<string, unknown>[] {
  const list: Record<string, unknown>[] = [];
  const listener = (event: unknown): void => void list.push(event as Record<string, unknown>); // read by name below
  const channel = diagnostics(`gen-stubs:${name}`);
  channel.subscribe(listener);
  undo.push(() => channel.unsubscribe(listener));
  return list;
}

async function serve(handlers: Partial<TrialHandlers>) {
  const server = new Server({ onError: () => {} }).add(TrialService, withDefaults(handlers));
  const { address } = await server.listen("127.0.0.1:0");
  const channel = connect(`http://${address}`);
  return {
    client: new TrialClient(channel),
    address,
    async [Symbol.asyncDispose]() {
      await channel.close();
      await server.shutdown();
    },
  };
}

const bytes = (count: number) => Array.from({ length: count }, () => ({ value: new Uint8Array(1) }));

test("calls: their start and their end on both sides, with counts of messages", async () => {
  const [starts, ends] = [heard("call:start"), heard("call:end")];
  await using served = await serve({ download: async () => bytes(3) });
  await readAll(served.client.download({ value: 3 }));
  const method = `/${TrialService.typeName}/Download`;
  expect(starts).toEqual([
    expect.objectContaining({ side: "client", method, kind: "server_streaming" }),
    expect.objectContaining({ side: "server", method, kind: "server_streaming" }),
  ]);
  const bySide = (side: string) => ends.find((event) => event["side"] === side);
  expect(bySide("client")).toMatchObject({ code: status.OK, sent: 1, received: 3, peer: served.address });
  expect(bySide("server")).toMatchObject({ code: status.OK, sent: 3, received: 1 });
  expect(bySide("client")?.["durationMs"]).toBeGreaterThan(0);
  expect(bySide("client")?.["id"]).toBe(starts[0]?.["id"]);
});

test("calls: an array's messages are counted one by one, up to one that cannot be encoded", async () => {
  const ends = heard("call:end");
  await using served = await serve({
    async download(_, call) {
      await call.sendAll([...bytes(1_000), { value: "not bytes" as never }, ...bytes(10)]);
    },
    async upload(call) {
      let count = 0;
      for await (const _ of call) count++;
      await call.sendAndClose({ value: count });
    },
  });
  const upload = served.client.upload();
  await upload.sendAll(bytes(1_000));
  expect((await upload.closeAndRecv()).value).toBe(1_000);
  expect(ends.map(({ side, sent, received }) => [side, sent, received])).toEqual(
    expect.arrayContaining([
      ["client", 1_000, 1],
      ["server", 1, 1_000],
    ]),
  );
  ends.length = 0;
  const download = served.client.download({ value: 3 });
  await readAll(download);
  expect((await download.status).code).toBe(status.INTERNAL);
  expect(ends).toContainEqual(expect.objectContaining({ side: "server", sent: 1_000 }));
  expect(ends).toContainEqual(expect.objectContaining({ side: "client", received: 1_000 }));
});

test("a call that is listened to tells of its connection and of compression as others do", async () => {
  const ends = heard("call:end");
  const seen: unknown[] = [];
  await using served = await serve({
    async *chat(call) {
      for await (const message of call) {
        seen.push([call.connection.authority, call.compressed]);
        yield message;
      }
    },
  });
  const chat = served.client.chat({ compression: "gzip" });
  await chat.send({ value: "a".repeat(1000) });
  expect((await chat.recv())?.value).toHaveLength(1000);
  expect(seen).toEqual([[served.address, true]]);
  expect([chat.connection?.authority, chat.compressed]).toEqual([served.address, false]);
  await chat.closeSend();
  expect((await chat.status).code).toBe(status.OK);
  expect(ends).toHaveLength(2);
});

test("calls that fail and calls that are cancelled end too", async () => {
  const ends = heard("call:end");
  await using served = await serve({
    download: (_, call) => new Promise((_r, reject) => call.signal.addEventListener("abort", reject)),
  });
  await rejection(served.client.greet({ value: "" }));
  const call = served.client.download({ value: 1 });
  call.cancel();
  await rejection(served.client.greet({ value: "" }));
  const codes = ends.filter(({ side }) => side === "client").map(({ code }) => code);
  expect(codes).toEqual([status.UNIMPLEMENTED, status.CANCELLED, status.UNIMPLEMENTED]);
});

test("connections: what becomes of them on both sides", async () => {
  const states = heard("connection");
  let address = "";
  {
    await using served = await serve({});
    address = served.address;
    await rejection(served.client.greet({ value: "" }));
  }
  const of = (side: string) => states.filter((event) => event["side"] === side).map(({ state }) => state);
  expect(of("client")).toEqual(["connecting", "ready", "closing", "closed"]);
  expect(of("server")).toEqual(["ready", "closed"]);
  expect(states.find(({ state }) => state === "ready" || state === "connecting")).toMatchObject({ target: address });
});

test("refusals: requests that no handler sees", async () => {
  const refusals = heard("call:refused");
  const server = new Server();
  const { address } = await server.listen("127.0.0.1:0");
  const channel = connect(`http://${address}`);
  await rejection(new TrialClient(channel).greet({ value: "" }));
  expect(refusals).toEqual([
    expect.objectContaining({ path: `/${TrialService.typeName}/Greet`, code: status.UNIMPLEMENTED }),
  ]);
  await channel.close();
  await server.shutdown();
});

const program = `
import { connect } from "gen-stubs-runtime";
import { HealthClient, HealthImplementation, HealthService } from "gen-stubs-runtime/health";
import { Server } from "gen-stubs-runtime";
const server = new Server().add(HealthService, new HealthImplementation({ "": "SERVING" }));
const { address } = await server.listen("127.0.0.1:0");
const channel = connect("http://" + address);
await new HealthClient(channel).check({});
await channel.close();
await server.shutdown();
`;

test("GEN_STUBS_TRACE prints them to stderr, a line each", async () => {
  const command = [process.execPath, "--input-type=module", "-e", program] as const;
  const traced = await run(command, { cwd: repository, env: { GEN_STUBS_TRACE: "call,connection,wire" } });
  expect(traced.code, traced.output).toBe(0);
  expect(traced.stdout).toBe("");
  const lines = traced.stderr
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/\d+\.\d ms/, "0.0 ms").replace(/(127\.0\.0\.1):\d+/g, "$1"));
  const check = "/grpc.health.v1.Health/Check";
  expect(lines[0]).toBe("gen-stubs GEN_STUBS_TRACE: there is no wire; there are call, connection");
  expect(lines).toContain("gen-stubs connection client 127.0.0.1 ready");
  expect(lines).toContain(`gen-stubs call client #1 ${check} started`);
  expect(lines).toContain(`gen-stubs call client #1 ${check} OK after 0.0 ms, sent 1 received 1, 127.0.0.1`);
  const silent = await run(command, { cwd: repository });
  expect([silent.code, silent.output]).toEqual([0, ""]);
});

/** A page's client on Node, of stubs and a channel alone: the main entry is not loaded. The WebSocket is one that never opens. */
const pageLike = `
import { callUnary, unary } from "gen-stubs-runtime/codegen-v1";
import { webSocketChannel } from "gen-stubs-runtime/web-socket";
class WebSocket {
  readyState = 0;
  addEventListener(type, listener) {
    if (type === "close") setImmediate(listener, { code: 1006, reason: "" });
  }
  close() {}
}
const empty = { typeName: "a.Empty", encode() {}, decode: () => ({}) };
const channel = webSocketChannel("ws://127.0.0.1:1/", { webSocket: WebSocket });
await callUnary(channel, unary("/a.B/C", empty, empty), {}).catch(() => {});
await channel.close();
`;

test("GEN_STUBS_TRACE prints them where the main entry is not loaded", async () => {
  const command = [process.execPath, "--input-type=module", "-e", pageLike] as const;
  const { code, stderr } = await run(command, { cwd: repository, env: { GEN_STUBS_TRACE: "call,connection" } });
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("gen-stubs call client #1 /a.B/C started\n");
  expect(stderr).toMatch(/^gen-stubs connection client \S+ closed: the connection was lost/m);
});

test("names: where their servers are, each time they are looked up, and why that is not known", async () => {
  const resolutions = heard("resolution");
  let push: ResolverListener | undefined;
  await using channel = connect("test:///web", {
    resolver: (_, listener) => {
      push = listener;
      return { close() {} };
    },
  });
  channel.connect();
  for await (const state of channel.watchState()) if (state === "connecting") break;
  while (push === undefined) await turn();
  push.onError("no registry");
  push.onResult({ addresses: [{ host: "::1", port: 1 }, { path: "/a" }] });
  expect(resolutions).toEqual([
    { target: "test:///web", addresses: undefined, error: "no registry" },
    { target: "test:///web", addresses: ["[::1]:1", "unix:/a"] },
  ]);
});
