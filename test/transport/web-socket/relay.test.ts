import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { Deferred } from "../../../src/runtime/core/deferred.js";
import { RpcError, status } from "../../../src/runtime/index.js";
import { attachRelay, type RelayOptions } from "../../../src/runtime/relay.js";
import { rejection } from "../../contract/harness/harness.js";
import { settled } from "../../contract/harness/settled.js";
import type { TrialHandlers } from "../../contract/harness/trial-service.js";
import { type Authority, certificates } from "../../support/certificates.js";
import { calling, closing, listening, serving, until } from "./support.js";

const greet = ({ value }: { value: string }) => ({ value: `hello ${value}` });

/** A relay before a server of these handlers: where clients connect. */
async function relayed(handlers: Partial<TrialHandlers>, options: Partial<RelayOptions> = {}) {
  const server = serving(handlers);
  const { port } = await server.listen("127.0.0.1:0");
  const { web, port: webPort } = await listening();
  const relay = attachRelay(web, { targets: { trial: `http://127.0.0.1:${port}` }, ...options });
  onTestFinished(() => relay.close());
  return { server, relay, web, url: `ws://127.0.0.1:${webPort}/grpc/trial`, base: `ws://127.0.0.1:${webPort}` };
}

test("calls go through to the target that the path names", async () => {
  const { url } = await relayed({ greet });
  expect((await calling(url).greet({ value: "you" })).value).toBe("hello you");
});

test("a name that is not in the list is refused, whatever it looks like", async () => {
  const { base } = await relayed({ greet });
  for (const name of ["other", "127.0.0.1:22", "", "trial/x", "__proto__", "..%2Ftrial"]) {
    expect(await closing(`${base}/grpc/${name}`), name).toEqual({
      code: 4404,
      reason: `the relay has no target "${name}"`,
    });
  }
});

test("pages of other hosts stay out, and authorize decides for each target", async () => {
  const { url, base } = await relayed(
    { greet },
    {
      authorize(_request, target, ticket) {
        if (ticket !== `for ${target}`) throw new RpcError(status.PERMISSION_DENIED, `no ticket for ${target}`);
      },
    },
  );
  expect((await closing(url, { origin: "https://evil.example" })).code).toBe(4403);
  expect(await closing(url)).toEqual({ code: 4403, reason: "no ticket for trial" });
  expect(await closing(`${base}/grpc/nobody?ticket=for+nobody`)).toMatchObject({ code: 4404 });
  const client = calling(url, { ticket: () => "for trial" });
  expect((await client.greet({ value: "you" })).value).toBe("hello you");
});

test("what is no HTTP/2 does not get through", async () => {
  const { web, port } = await listening();
  const heard: Buffer[] = [];
  const target = createTcpServer((socket) => socket.on("data", (data) => heard.push(data)).on("error", () => {}));
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void target.close());
  attachRelay(web, { targets: { mail: `http://127.0.0.1:${(target.address() as AddressInfo).port}` } });
  const socket = new WebSocket(`ws://127.0.0.1:${port}/grpc/mail`);
  socket.on("open", () => {
    socket.send("EHLO");
  });
  const end = await new Promise((resolve) => socket.on("close", (code, reason) => resolve([code, String(reason)])));
  expect(end).toEqual([1003, "the relay is for gRPC alone: this is no HTTP/2"]);
  expect(Buffer.concat(heard).toString()).toBe("");
});

test("a target that cannot be reached, and one that does not answer in time, are named", async () => {
  const { web, port } = await listening();
  attachRelay(web, { targets: { gone: "http://127.0.0.1:1" } });
  const error = await rejection(calling(`ws://127.0.0.1:${port}/grpc/gone`).greet({ value: "" }));
  expect(error.code).toBe(status.UNAVAILABLE);
  expect(error.details).toContain("the relay cannot reach the server: connect ECONNREFUSED 127.0.0.1:1");
});

test("a page that reads slowly stops the server behind the relay, and loses nothing", async () => {
  let sent = 0;
  const { url } = await relayed({
    greet,
    async download({ value }, call) {
      for (let i = 0; i < value; i++) {
        await call.send({ value: new Uint8Array(16 * 1024) });
        sent++;
      }
    },
  });
  const client = calling(url);
  const reader = client.download({ value: 2000 });
  await reader.recv();
  await settled(
    () => sent,
    () => client.greet({ value: "" }),
  );
  expect(sent).toBeLessThan(600); // 10 MB; all is 33 MB
  let read = 1;
  for await (const _ of reader) read++;
  expect(read).toBe(2000);
});

test("a page that goes ends the server's calls, and a server that goes ends the page's", async () => {
  const [begun, aborted] = [new Deferred<void>(), new Deferred<void>()];
  const { url, server, relay } = await relayed({
    async download(_, call) {
      call.signal.addEventListener("abort", () => aborted.resolve());
      call.sendHeader();
      begun.resolve();
      await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
    },
  });
  const socket: WebSocket[] = [];
  const Kept = class extends WebSocket {
    constructor(to: string) {
      super(to);
      socket.push(this);
    }
  };
  const first = calling(url, { webSocket: Kept }).download({ value: 0 });
  await begun.promise;
  expect(relay.connections).toBe(1);
  socket[0]!.terminate();
  await aborted.promise;
  expect((await rejection(first.recv())).code).toBe(status.UNAVAILABLE);
  const second = calling(url).download({ value: 0 });
  await second.header;
  await server.shutdown();
  const error = await rejection(second.recv());
  expect([error.code, error.details]).toEqual([status.UNAVAILABLE, "the server is shutting down"]);
});

test("limits: connections, silence, pages that answer no ping", async () => {
  const { url } = await relayed({ greet }, { maxConnections: 1, idleTimeoutMs: 50, pingIntervalMs: 60_000 });
  const socket = new WebSocket(url);
  const end = new Promise((resolve) => socket.on("close", (code, reason) => resolve([code, String(reason)])));
  await new Promise((resolve) => socket.on("open", resolve));
  expect(await closing(url)).toEqual({ code: 1013, reason: "the server has as many connections as it takes" });
  expect(await end).toEqual([1001, "nothing was sent for too long"]);

  const { url: watched, relay } = await relayed({ greet }, { pingIntervalMs: 50 });
  const frozen = new WebSocket(watched, { autoPong: false });
  expect(await new Promise((resolve) => frozen.on("close", resolve))).toBe(1006);
  await until(() => relay.connections === 0);
});

test("close ends what is open and lets nobody in after", async () => {
  const { url, relay } = await relayed({ greet });
  const client = calling(url);
  await client.greet({ value: "" });
  relay.close();
  expect((await rejection(client.greet({ value: "" }))).details).toContain("the relay is shutting down");
});

describe("a target with TLS", () => {
  let pairs: Authority;
  beforeAll(async () => {
    pairs = await certificates();
  });

  test("is reached by the relay's own options, and its certificate is checked", async () => {
    const server = serving({ greet });
    const { port } = await server.listen("127.0.0.1:0", { tls: pairs.server });
    const { web, port: webPort } = await listening();
    const target = `https://localhost:${port}`;
    attachRelay(web, { targets: { safe: { target, tls: { ca: pairs.ca } }, unknown: target } });
    const url = `ws://127.0.0.1:${webPort}/grpc`;
    expect((await calling(`${url}/safe`).greet({ value: "you" })).value).toBe("hello you");
    const error = await rejection(calling(`${url}/unknown`).greet({ value: "you" }));
    expect(error.details).toMatch(/the relay cannot reach the server: .*certificate/);
  });
});

test.each([
  [{ targets: {} }, "a relay reaches nothing without targets"],
  [{ targets: { "a/b": "http://127.0.0.1:1" } }, 'targets: "a/b" cannot be part of a path'],
  [{ targets: { a: "127.0.0.1:1" } }, "write http://127.0.0.1:1 or https://127.0.0.1:1"],
  [{ targets: { a: "http://127.0.0.1:1" }, any: true }, 'a relay knows no option "any"; it takes targets, path'],
])("%j is refused at once", async (options, text) => {
  const { web } = await listening();
  expect(() => attachRelay(web, options as unknown as RelayOptions)).toThrow(text); // what TypeScript refuses too
});
