/** What an exchange costs the engine alone: µs of processor time, client and server in one process. */
import { connect, createServer, type Socket } from "node:net";
import { soon } from "../../src/runtime/core/turn.js";
import {
  type ConnectionOptions,
  Http2ClientConnection,
  Http2ServerConnection,
  type Stream,
} from "../../src/runtime/h2/index.js";
import { MemoryPair } from "../../src/runtime/h2/memory-pair.js";
import { nodeEnvironment } from "../../src/runtime/platform/node/environment.js";
import { SocketDriver } from "../../src/runtime/platform/node/socket-driver.js";
import { Caller, Driven, Echo, Pusher, Sink } from "./exchange.js";

const options: ConnectionOptions = {};

class Server extends Driven {
  readonly #answer: (stream: Stream) => Echo | Sink;
  constructor(answer: (stream: Stream) => Echo | Sink) {
    super();
    this.#answer = answer;
  }
  onStream(stream: Stream): Echo | Sink {
    return this.#answer(stream);
  }
}

function memory(answer: (stream: Stream) => Echo | Sink): Http2ClientConnection {
  const clientHandler = new Driven();
  const serverHandler = new Server(answer);
  const client = new Http2ClientConnection(clientHandler, nodeEnvironment, options);
  const server = new Http2ServerConnection(serverHandler, nodeEnvironment, options);
  const pair = new MemoryPair(client, server, (run) => soon(run));
  clientHandler.driver = pair;
  serverHandler.driver = pair;
  return client;
}

async function sockets(answer: (stream: Stream) => Echo | Sink): Promise<Http2ClientConnection> {
  const listener = createServer({ noDelay: true }, (socket) => {
    const handler = new Server(answer);
    handler.driver = new SocketDriver(socket, new Http2ServerConnection(handler, nodeEnvironment, options));
    handler.driver.outputReady();
  });
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  const { port } = listener.address() as { port: number };
  const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await new Promise((done) => socket.once("connect", done));
  listener.unref();
  const handler = new Driven();
  const client = new Http2ClientConnection(handler, nodeEnvironment, options);
  handler.driver = new SocketDriver(socket, client);
  handler.driver.outputReady();
  return client;
}

/** The same bytes without HTTP/2: what sockets and the event loop cost. */
async function tcpEcho(parallel: number): Promise<(count: number) => Promise<void>> {
  const listener = createServer({ noDelay: true }, (socket) => socket.on("data", (chunk) => socket.write(chunk)));
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  const { port } = listener.address() as { port: number };
  const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await new Promise((done) => socket.once("connect", done));
  listener.unref();
  socket.unref();
  const message = Buffer.alloc(60 * parallel);
  return (count) =>
    new Promise((done) => {
      let left = count / parallel;
      let got = 0;
      socket.removeAllListeners("data");
      socket.ref();
      socket.on("data", (chunk) => {
        got += chunk.length;
        if (got < message.length) return;
        got = 0;
        if (--left > 0) socket.write(message);
        else {
          socket.unref();
          done();
        }
      });
      socket.write(message);
    });
}

async function unary(client: Http2ClientConnection, parallel: number, count: number, size: number): Promise<void> {
  const each = Math.ceil(count / parallel);
  await Promise.all(
    Array.from({ length: parallel }, () => new Promise<void>((done) => new Caller(client, size, each, done).call())),
  );
}

async function push(client: Http2ClientConnection, count: number, size: number): Promise<void> {
  await new Promise<void>((done) => new Pusher(size, count, done).start(client));
}

async function measure(name: string, count: number, run: (count: number) => Promise<void>): Promise<void> {
  const results: number[] = [];
  await run(count);
  for (let i = 0; i < rounds; i++) {
    const before = process.cpuUsage();
    await run(count);
    const { user, system } = process.cpuUsage(before);
    results.push((user + system) / count);
  }
  results.sort((a, b) => a - b);
  console.log(
    `${name.padEnd(40)} ${results[0]!.toFixed(2)} least, ${results[results.length >> 1]!.toFixed(2)} median µs`,
  );
}

const only = process.argv[2] ?? "";
const rounds = Number(process.argv[3] ?? 5);
const cases: [string, () => Promise<void>][] = [
  [
    "memory-unary-64",
    async () => {
      const c = memory((s) => new Echo(s));
      await measure("memory, unary, 64 at once", 100_000, (n) => unary(c, 64, n, 20));
    },
  ],
  [
    "memory-unary-1",
    async () => {
      const c = memory((s) => new Echo(s));
      await measure("memory, unary, one at a time", 50_000, (n) => unary(c, 1, n, 20));
    },
  ],
  [
    "socket-unary-64",
    async () => {
      const c = await sockets((s) => new Echo(s));
      await measure("sockets, unary, 64 at once", 100_000, (n) => unary(c, 64, n, 20));
      c.close();
    },
  ],
  [
    "socket-unary-1",
    async () => {
      const c = await sockets((s) => new Echo(s));
      await measure("sockets, unary, one at a time", 20_000, (n) => unary(c, 1, n, 20));
      c.close();
    },
  ],
  [
    "memory-push-20",
    async () => {
      const c = memory((s) => new Sink(s));
      await measure("memory, client stream of 20 B", 500_000, (n) => push(c, n, 20));
    },
  ],
  [
    "socket-push-20",
    async () => {
      const c = await sockets((s) => new Sink(s));
      await measure("sockets, client stream of 20 B", 500_000, (n) => push(c, n, 20));
      c.close();
    },
  ],
  [
    "socket-push-1k",
    async () => {
      const c = await sockets((s) => new Sink(s));
      await measure("sockets, client stream of 1 KB", 200_000, (n) => push(c, n, 1000));
      c.close();
    },
  ],
  [
    "socket-push-64k",
    async () => {
      const c = await sockets((s) => new Sink(s));
      await measure("sockets, client stream of 64 KB", 20_000, (n) => push(c, n, 65_536));
      c.close();
    },
  ],
];
cases.push(
  ["tcp-1", async () => measure("TCP echo, one at a time", 20_000, await tcpEcho(1))],
  ["tcp-64", async () => measure("TCP echo, 64 at once", 128_000, await tcpEcho(64))],
);
for (const [name, run] of cases) if (name.includes(only)) await run();
