import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { Random } from "../random.js";
import { Relay, type RelayConnection, type RelayOptions } from "./index.js";

const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A server whose sockets a test handles, and a relay before it. */
async function relayed(
  serve: (socket: Socket) => void,
  options: Partial<RelayOptions> = {},
  onConnection?: (connection: RelayConnection) => void,
): Promise<{ relay: Relay; client: Socket }> {
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {});
    cleanups.push(() => socket.destroy());
    serve(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  // A server listens on a port here.
  const { port } = server.address() as AddressInfo;
  const relay = await Relay.start({ target: { port }, seed: 1, ...options }, onConnection);
  cleanups.push(() => relay.close());
  const client = connect({ port: relay.port, allowHalfOpen: true });
  client.on("error", () => {});
  cleanups.push(() => client.destroy());
  return { relay, client };
}

/** All bytes of a socket to its end; rejects where there is an error instead. */
function read(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.once("end", () => resolve(Buffer.concat(chunks)));
    socket.once("error", reject);
  });
}

function randomBytes(seed: number, length: number): Buffer {
  const random = new Random(seed);
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}

const echo = (socket: Socket): void => void socket.pipe(socket);

describe("bytes", () => {
  test.each(seeds)("arrive as they are and in order, both ways at once, seed %i", async (seed) => {
    const { relay, client } = await relayed(echo, { seed });
    const sent = randomBytes(seed, 300_000);
    client.end(sent);
    expect((await read(client)).equals(sent)).toBe(true);
    const { toServer, toClient } = await relay.connection(0);
    expect([toServer.moved, toClient.moved]).toEqual([sent.length, sent.length]);
    expect(toServer.pieces).toBeGreaterThan(10);
  });

  test("arrive in pieces of one byte where that is asked for", async () => {
    const { relay, client } = await relayed(echo, { minPiece: 1, maxPiece: 1, maxTurns: 0, maxDelayMs: 0 });
    client.end("hello");
    expect(String(await read(client))).toBe("hello");
    const { toServer, toClient } = await relay.connection(0);
    expect([toServer.pieces, toClient.pieces]).toEqual([5, 5]);
  });

  test("of a server that answers and closes at once are not lost", async () => {
    const answer = randomBytes(1, 200_000);
    const { client } = await relayed((socket) => {
      socket.resume();
      socket.once("end", () => socket.end(answer));
    });
    client.end("a question");
    expect((await read(client)).equals(answer)).toBe(true);
  });

  test("wait at the server where the client does not read", async () => {
    let socket: Socket | undefined;
    const { relay, client } = await relayed((accepted) => {
      socket = accepted;
      accepted.write(Buffer.alloc(64 << 20));
    });
    client.pause();
    const { toClient } = await relay.connection(0);
    // More than the kernel's buffers and the relay hold: the server's write is never done.
    let moved = -1;
    for (let still = 0; still < 50; still = toClient.moved === moved ? still + 1 : 0) {
      moved = toClient.moved;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(toClient.queued).toBeLessThan(1 << 20);
    expect(socket?.writableNeedDrain).toBe(true);
  });
});

describe("faults", () => {
  test("a stall stops the bytes at the one that was said, and resume lets them go on", async () => {
    const { relay, client } = await relayed(echo, {}, ({ toServer }) => toServer.at(1_000, () => toServer.stall()));
    const sent = randomBytes(1, 5_000);
    const answer = read(client);
    client.end(sent);
    const { toServer, toClient } = await relay.connection(0);
    await new Promise<void>((resolve) => toClient.at(1_000, resolve));
    expect([toServer.moved, toClient.moved]).toEqual([1_000, 1_000]);
    toServer.resume();
    expect((await answer).equals(sent)).toBe(true);
  });

  test("a half-close ends one way at that byte; the other goes on", async () => {
    const received: Promise<Buffer>[] = [];
    const { client } = await relayed(
      (socket) => {
        received.push(read(socket));
        socket.write("x".repeat(5_000));
      },
      {},
      ({ toClient }) => toClient.at(100, () => toClient.halfClose()),
    );
    expect(String(await read(client))).toBe("x".repeat(100));
    client.end("y".repeat(5_000));
    expect(String(await received[0])).toBe("y".repeat(5_000));
  });

  test("a reset is one at both ends", async () => {
    const failed: Promise<unknown>[] = [];
    const { relay, client } = await relayed(
      (socket) => {
        failed.push(read(socket).catch((error: unknown) => error));
        socket.write("x".repeat(5_000));
      },
      {},
      ({ toClient }) => toClient.at(100, () => toClient.stall()),
    );
    const answer = read(client);
    let received = 0;
    await new Promise<void>((resolve) => {
      client.on("data", ({ length }: Buffer) => {
        received += length;
        if (received === 100) resolve();
      });
    });
    const connection = await relay.connection(0);
    connection.reset();
    await expect(answer).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await failed[0]).toMatchObject({ code: "ECONNRESET" });
    await connection.closed;
    expect(received).toBe(100);
  });

  test("a reset at one end is one at the other", async () => {
    const { client } = await relayed((socket) => {
      socket.once("data", () => socket.resetAndDestroy());
    });
    client.write("hello");
    await expect(read(client)).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  test("a reset behind a half-close, before that has gone out, closes both ends", async () => {
    const { relay } = await relayed(echo);
    const connection = await relay.connection(0);
    connection.toClient.halfClose();
    connection.reset();
    await connection.closed;
  });

  test("a server that does not listen resets the client", async () => {
    const relay = await Relay.start({ target: { port: 1 }, seed: 1 });
    cleanups.push(() => relay.close());
    const client = connect(relay.port);
    await expect(read(client)).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  test("a mark that has been passed is an error of the test", async () => {
    const { relay, client } = await relayed(echo);
    client.end("hello");
    await read(client);
    const { toServer } = await relay.connection(0);
    expect(() => toServer.at(4, () => {})).toThrow(/5 bytes have gone on/);
  });
});

test("sizes and delays are the seed's", () => {
  const numbers = (seed: number): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 20 }, () => random.below(1000));
  };
  expect(numbers(1)).toEqual(numbers(1));
  expect(numbers(1)).not.toEqual(numbers(2));
});
