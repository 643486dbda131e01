import { createServer, request } from "node:http";
import { connect as connectTcp } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { Deferred } from "../../../src/runtime/core/deferred.js";
import { Metadata, RpcError, status } from "../../../src/runtime/index.js";
import { attachWebSocket, webSocketEntry } from "../../../src/runtime/web-socket-server.js";
import { rejection } from "../../contract/harness/harness.js";
import { calling, closing, listening, serving, until } from "./support.js";

const greet = ({ value }: { value: string }) => ({ value: `hello ${value}` });

test("calls come in at the path, and the web server goes on beside", async () => {
  const { web, port } = await listening(createServer((_, response) => response.end("a page")));
  attachWebSocket(web, serving({ greet }), { path: "/api/grpc" });
  expect((await calling(`ws://127.0.0.1:${port}/api/grpc?zone=a`).greet({ value: "you" })).value).toBe("hello you");
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("a page");
});

test("an upgrade for nobody is answered with 404; other listeners get theirs", async () => {
  const { web, port } = await listening();
  attachWebSocket(web, serving({ greet }));
  attachWebSocket(web, serving({ greet }), { path: "/second" });
  await expect(closing(`ws://127.0.0.1:${port}/other`)).rejects.toThrow("404");
  web.on("upgrade", (asked, socket) => {
    if (asked.url === "/other") socket.end("HTTP/1.1 418 I'm a teapot\r\nConnection: close\r\n\r\n");
  });
  await expect(closing(`ws://127.0.0.1:${port}/other`)).rejects.toThrow("418");
  expect((await calling(`ws://127.0.0.1:${port}/second`).greet({ value: "you" })).value).toBe("hello you");
});

test("a page of another host is refused, by a code that a page can read", async () => {
  const { web, port } = await listening();
  attachWebSocket(web, serving({ greet }));
  expect(await closing(`ws://127.0.0.1:${port}/grpc`, { origin: "https://evil.example" })).toEqual({
    code: 4403,
    reason: "pages of https://evil.example may not connect: they are not of this host, and no origins are allowed",
  });
});

test("authorize sees request and ticket, refuses by a status, and its metadata cannot be forged", async () => {
  const { web, port } = await listening();
  const seen: unknown[] = [];
  const server = serving({ greet: (_, call) => ({ value: call.metadata.get("user").join() }) });
  attachWebSocket(web, server, {
    authorize: async ({ headers }, ticket) => {
      seen.push([headers.host, ticket]);
      await Promise.resolve();
      if (ticket === "expired") throw new RpcError(status.UNAUTHENTICATED, "the ticket has expired");
      if (ticket === "fault") throw new Error("secret of the database");
      const metadata = new Metadata();
      metadata.set("user", `user of ${ticket}`);
      return metadata;
    },
  });
  const url = `ws://127.0.0.1:${port}/grpc`;
  let made = 0;
  const client = calling(url, { ticket: async () => `ticket ${++made}` });
  const forged = new Metadata();
  forged.set("user", "root");
  expect((await client.greet({ value: "" }, { metadata: forged })).value).toBe("user of ticket 1");
  expect(seen).toEqual([[`127.0.0.1:${port}`, "ticket 1"]]);
  const expired = await rejection(calling(url, { ticket: () => "expired" }).greet({ value: "" }));
  expect([expired.code, expired.details]).toEqual([
    status.UNAVAILABLE,
    `cannot connect to ${url}: the ticket has expired (WebSocket close code 4401)`,
  ]);
  const fault = await rejection(calling(url, { ticket: () => "fault" }).greet({ value: "" }));
  expect(fault.details).toBe(`cannot connect to ${url}: an error in the server (WebSocket close code 1011)`);
  const none = await rejection(
    calling(url, { ticket: () => Promise.reject(new Error("log in")) }).greet({ value: "" }),
  );
  expect(none.details).toBe(`cannot connect to ${url}: no ticket: log in`);
});

test("maxConnections refuses by a code, and takes the next when one has gone", async () => {
  const { web, port } = await listening();
  attachWebSocket(web, serving({ greet }), { maxConnections: 1 });
  const url = `ws://127.0.0.1:${port}/grpc`;
  const first = new WebSocket(url);
  await new Promise((resolve) => first.on("open", resolve));
  expect(await closing(url)).toEqual({ code: 1013, reason: "the server has as many connections as it takes" });
  const gone = new Promise((resolve) => first.on("close", resolve));
  first.close();
  await gone;
  // The server may hear of it later than the client.
  let refused = true;
  while (refused) {
    refused = await calling(url)
      .greet({ value: "you" })
      .then(
        () => false,
        (error: RpcError) => {
          expect(error.details).toContain("as many connections as it takes");
          return true;
        },
      );
  }
});

test("a text message ends the connection, and says why", async () => {
  const { web, port } = await listening();
  const server = serving({ greet });
  attachWebSocket(web, server);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/grpc`);
  socket.on("open", () => socket.send("hello"));
  const code = await new Promise((resolve) => socket.on("close", (code, reason) => resolve([code, reason.toString()])));
  expect(code).toEqual([1003, "gRPC over WebSocket is binary messages alone"]);
});

test("a message larger than 1 MiB is not held, and ends the connection", async () => {
  const { web, port } = await listening();
  attachWebSocket(web, serving({ greet }));
  const socket = new WebSocket(`ws://127.0.0.1:${port}/grpc`);
  socket.on("error", () => {});
  socket.on("open", () => socket.send(Buffer.alloc(1024 * 1024 + 1)));
  expect(await new Promise((resolve) => socket.on("close", resolve))).toBe(1009);
});

test("a message may come in fragments of a byte; fragments that make more than 1 MiB end the connection", async () => {
  const { web, port } = await listening();
  attachWebSocket(web, serving({ greet }));
  const socket = new WebSocket(`ws://127.0.0.1:${port}/grpc`);
  socket.on("error", () => {});
  await new Promise((resolve) => socket.on("open", resolve));
  const answered = new Promise<Buffer>((resolve) => socket.once("message", resolve));
  // The preface of HTTP/2 and empty SETTINGS.
  const begin = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", "latin1");
  for (const [at, byte] of begin.entries()) socket.send(Buffer.of(byte), { fin: at === begin.length - 1 });
  // SETTINGS of the server's.
  expect((await answered)[3]).toBe(4);
  const closed = new Promise((resolve) => socket.on("close", resolve));
  for (let i = 0; i < 8; i++) socket.send(Buffer.alloc(1024 * 1024), { fin: false });
  expect(await closed).toBe(1009);
});

test("bytes that are no HTTP/2 end the connection", async () => {
  const { web, port } = await listening();
  const server = serving({ greet });
  attachWebSocket(web, server);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/grpc`);
  socket.on("open", () => socket.send(Buffer.from("GET / HTTP/1.1\r\n\r\n".repeat(2))));
  await new Promise((resolve) => socket.on("close", resolve));
  await until(() => server.stats().connections.length === 0);
});

test("messages of more than a WebSocket message arrive whole, both ways", async () => {
  const { web, port } = await listening();
  const value = Uint8Array.from({ length: 3_000_000 }, (_, i) => i);
  const server = serving({
    async *download() {
      yield { value };
    },
    async upload(call) {
      let same = 0;
      for await (const message of call) if (Buffer.compare(message.value, value) === 0) same++;
      await call.sendAndClose({ value: same });
    },
  });
  attachWebSocket(web, server);
  const client = calling(`ws://127.0.0.1:${port}/grpc`);
  for await (const message of client.download({ value: 0 })) expect(Buffer.compare(message.value, value)).toBe(0);
  const upload = client.upload();
  await upload.sendAll([{ value }, { value }]);
  expect((await upload.closeAndRecv()).value).toBe(2);
});

test("a client that vanishes without a word is found by the server's ping, and its handlers' signals abort", async () => {
  const { web, port } = await listening();
  const [begun, aborted] = [new Deferred<void>(), new Deferred<void>()];
  const server = serving({
    async download(_, call) {
      call.signal.addEventListener("abort", () => aborted.resolve());
      begun.resolve();
      await aborted.promise;
    },
  });
  attachWebSocket(web, server, { keepaliveTimeMs: 50, keepaliveTimeoutMs: 50 });
  // As a tab that is frozen: its sockets stay open, and nobody reads them.
  const sockets: WebSocket[] = [];
  const Frozen = class extends WebSocket {
    constructor(url: string) {
      super(url);
      sockets.push(this);
    }
  };
  const reader = calling(`ws://127.0.0.1:${port}/grpc`, { webSocket: Frozen }).download({ value: 1 });
  await begun.promise;
  for (const socket of sockets) socket.pause();
  await aborted.promise;
  for (const socket of sockets) socket.resume();
  expect((await rejection(reader.recv())).code).toBe(status.UNAVAILABLE);
});

test("a request that vanishes while authorize thinks harms nobody, and one that lasts too long is dropped", async () => {
  const { web, port } = await listening();
  const asked = new Deferred<void>();
  const entry = webSocketEntry(serving({ greet }), {
    handshakeTimeoutMs: 50,
    authorize: async () => {
      asked.resolve();
      await new Promise(() => {});
      return undefined;
    },
  });
  web.on("upgrade", entry.handleUpgrade);
  const socket = connectTcp(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  socket.write(
    `GET /grpc HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Key: ${Buffer.alloc(16).toString("base64")}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  await asked.promise;
  await new Promise((resolve) => socket.on("close", resolve));
  await expect(closing(`ws://127.0.0.1:${port}/grpc`)).rejects.toThrow("socket hang up");
});

test("a shutdown lets calls finish, closes, and lets nobody in after", async () => {
  const { web, port } = await listening();
  const [begun, go] = [new Deferred<void>(), new Deferred<void>()];
  const server = serving({
    async greet({ value }) {
      begun.resolve();
      await go.promise;
      return { value };
    },
  });
  attachWebSocket(web, server);
  const url = `ws://127.0.0.1:${port}/grpc`;
  const answer = calling(url).greet({ value: "still there" });
  await begun.promise;
  const down = server.shutdown({ graceMs: 10_000 });
  go.resolve();
  expect((await answer).value).toBe("still there");
  await down;
  const late = await rejection(calling(url).greet({ value: "" }));
  expect(late.details).toBe(`cannot connect to ${url}: the server is shutting down (WebSocket close code 1001)`);
});

test.each([
  [{ path: "grpc" }, 'path must begin with a slash, as /grpc: "grpc"'],
  [{ origins: ["example.com"] }, 'origins: "example.com" is no origin'],
  [{ maxconnections: 1 }, 'a WebSocket entry knows no option "maxconnections"; it takes maxReceiveMessageBytes'],
])("%j is refused at once", (options, text) => {
  expect(() => webSocketEntry(serving({}), options as object)).toThrow(text); // what TypeScript refuses too
});

test("what is no WebSocket at all gets an answer of HTTP", async () => {
  const { web, port } = await listening();
  attachWebSocket(web, serving({ greet }));
  const asked = request({ port, path: "/grpc", headers: { connection: "upgrade", upgrade: "websocket" } });
  const statusCode = new Promise((resolve) => asked.on("response", (response) => resolve(response.statusCode)));
  asked.end();
  expect(await statusCode).toBe(400);
});
