import { once } from "node:events";
import http2 from "node:http2";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { soon } from "../../src/runtime/core/turn.js";
import { ErrorCode, Http2ClientConnection, Http2ServerConnection } from "../../src/runtime/h2/index.js";
import { MemoryPair } from "../../src/runtime/h2/memory-pair.js";
import { nodeEnvironment } from "../../src/runtime/platform/node/environment.js";
import { parse } from "./support/frames.js";
import { Answer, dial, echo, serve } from "./support/over-sockets.js";
import { shown } from "./support/peer.js";

const POST = [":method", "POST", ":scheme", "http", ":authority", "x"];
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Bytes that tell every place from another. */
function pattern(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i + 4 <= size; i += 4) bytes.writeUInt32BE(i, i);
  return bytes;
}

async function ours(options = {}) {
  const server = await serve(echo, options);
  cleanups.push(() => server.close());
  return server;
}

async function client(port: number, options = {}) {
  const dialed = await dial(port, options);
  cleanups.push(() => dialed.connection.close());
  return dialed;
}

function ask(connection: Http2ClientConnection, path: string, body: Buffer): Answer {
  const answer = new Answer();
  const stream = connection.request([...POST, ":path", path], false, answer);
  answer.stream = stream;
  stream.sendData(body, true);
  return answer;
}

describe("over sockets", () => {
  test("our client and our server: bodies of all sizes, at once", async () => {
    const server = await ours();
    const { connection } = await client(server.port);
    const sizes = [0, 1, 100, 4096, 65_535, 65_536, 300_000, 5_000_000];
    const answers = sizes.map((size) => ask(connection, `/${size}`, pattern(size)));
    for (const [i, answer] of answers.entries()) {
      expect(await answer.done).toBe("end");
      expect(answer.lists[0]?.slice(-2)).toEqual(["x-path", `/${sizes[i]}`]);
      expect(answer.body.equals(pattern(sizes[i]!))).toBe(true);
    }
    expect([connection.openStreams, connection.unreadBytes]).toEqual([0, 0]);
  });

  test("node:http2's client and our server", async () => {
    const server = await ours();
    const session = http2.connect(`http://127.0.0.1:${server.port}`);
    cleanups.push(() => session.close());
    const sizes = [0, 1, 70_000, 2_000_000];
    await Promise.all(
      sizes.map(async (size) => {
        const request = session.request({ ":method": "POST", ":path": `/${size}` });
        const trailers = once(request, "trailers");
        request.end(pattern(size));
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        expect(Buffer.concat(chunks).equals(pattern(size))).toBe(true);
        expect((await trailers)[0]["grpc-status"]).toBe("0");
      }),
    );
  });

  test("our client and node:http2's server", async () => {
    const server = http2.createServer();
    server.on("stream", (stream, headers) => {
      stream.respond({ ":status": 200, "x-path": headers[":path"] }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.pipe(stream);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    cleanups.push(() => server.close());
    const { connection } = await client((server.address() as { port: number }).port);
    const sizes = [0, 1, 70_000, 2_000_000];
    const answers = sizes.map((size) => ask(connection, `/${size}`, pattern(size)));
    for (const [i, answer] of answers.entries()) {
      expect(await answer.done).toBe("end");
      expect(answer.body.equals(pattern(sizes[i]!))).toBe(true);
      expect(answer.lists.at(-1)).toEqual(["grpc-status", "0"]);
    }
  });

  test("a connection error is a GOAWAY with name and text, then a closed socket", async () => {
    const server = await ours();
    const socket = connect(server.port, "127.0.0.1");
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.write("GET / HTTP/1.1\r\n\r\n");
    await once(socket, "end");
    expect(shown(parse(Buffer.concat(chunks))).at(-1)).toBe(
      "GOAWAY 0 0 PROTOCOL_ERROR: the client does not speak HTTP/2",
    );
    socket.destroy();
    expect(server.errors).toMatchObject([{ code: ErrorCode.PROTOCOL_ERROR }]);
  });

  test("a peer that keeps its half open loses the socket after a while", async () => {
    const server = await ours();
    const socket = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => {});
    socket.resume();
    socket.write("x".repeat(24));
    await once(socket, "end");
    const [theirs] = server.sockets;
    if (theirs !== undefined) await once(theirs, "close");
    socket.destroy();
  });

  test("a lost socket resets streams on both sides", async () => {
    const server = await ours();
    const dialed = await client(server.port);
    const answer = new Answer();
    dialed.connection.request([...POST, ":path", "/"], false, answer);
    await new Promise<void>((resolve) => dialed.connection.ping(() => resolve()));
    dialed.socket.destroy();
    expect(await answer.done).toBe("reset 0 connection");
    expect(await dialed.ended).toMatchObject({ origin: "transport" });
  });

  test("shutdown loses no call that was on its way", async () => {
    const server = await ours();
    const dialed = await client(server.port);
    await new Promise<void>((resolve) => dialed.connection.ping(() => resolve()));
    const before = ask(dialed.connection, "/before", pattern(10));
    server.connections[0]?.shutdown();
    const meanwhile = ask(dialed.connection, "/meanwhile", pattern(500_000));
    expect(await before.done).toBe("end");
    expect(await meanwhile.done).toBe("end");
    expect(await dialed.ended).toBeUndefined();
  });
});

test("in memory: real frames, no sockets", async () => {
  const handler = () => ({
    pair: undefined as MemoryPair | undefined,
    ended: false,
    onStream: echo,
    onOutput() {
      this.pair?.outputReady();
    },
    onClose() {
      this.ended = true;
      this.pair?.finish();
    },
  });
  const [near, far] = [handler(), handler()];
  const connection = new Http2ClientConnection(near, nodeEnvironment);
  const server = new Http2ServerConnection(far, nodeEnvironment);
  near.pair = far.pair = new MemoryPair(connection, server, (run) => soon(run));
  const sizes = [0, 10, 100_000, 3_000_000];
  const answers = sizes.map((size) => ask(connection, `/${size}`, pattern(size)));
  for (const [i, answer] of answers.entries()) {
    expect(await answer.done).toBe("end");
    expect(answer.body.equals(pattern(sizes[i]!))).toBe(true);
  }
  const open = new Answer();
  connection.request([...POST, ":path", "/"], false, open);
  connection.close();
  expect(await open.done).toBe("reset 0 connection");
  await new Promise((resolve) => setImmediate(resolve));
  expect([near.ended, far.ended, server.closed]).toEqual([true, true, true]);
});
