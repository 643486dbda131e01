import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SharedReads } from "../../../src/runtime/platform/node/shared-reads.js";

let server: Server;
let accepted: Socket[];
const opened: Socket[] = [];

beforeEach(async () => {
  accepted = [];
  server = createServer((socket) => {
    accepted.push(socket);
    socket.on("error", () => {});
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(() => {
  for (const socket of [...opened.splice(0), ...accepted]) socket.destroy();
  server.close();
});

async function open(): Promise<{ readonly socket: Socket; readonly theirs: Socket }> {
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const coming = once(server, "connection") as Promise<[Socket]>; // by the event's definition
  const reads = new SharedReads();
  const socket = reads.of(connect({ host: "127.0.0.1", port, ...reads.options }));
  opened.push(socket);
  await once(socket, "connect");
  return { socket, theirs: (await coming)[0] };
}

/** Collects what is read, as text; resolves once there is so much. */
function collect(socket: Socket): { readonly text: () => string; readonly until: (length: number) => Promise<string> } {
  let text = "";
  let check = (): void => {};
  SharedReads.read(socket, (bytes) => {
    text += Buffer.from(bytes).toString("latin1");
    check();
  });
  return {
    text: () => text,
    until: (length) =>
      new Promise((resolve) => {
        check = () => text.length >= length && resolve(text);
        check();
      }),
  };
}

test("sockets that share the place of their reads get each its own bytes, in order", async () => {
  const both = [await open(), await open()];
  const collected = both.map(({ socket }) => collect(socket));
  const wanted = ["a", "b"].map((name) => Array.from({ length: 400 }, (_, i) => `${name}${i};`.repeat(50)));
  for (let i = 0; i < 400; i++) for (const [at, { theirs }] of both.entries()) theirs.write(wanted[at]![i]!);
  const texts = await Promise.all(collected.map(({ until }, at) => until(wanted[at]!.join("").length)));
  expect(texts).toEqual(wanted.map((parts) => parts.join("")));
});

test("what came before anybody read is kept", async () => {
  const { socket, theirs } = await open();
  socket.resume();
  theirs.write("early ");
  for (let turn = 0; socket.bytesRead < 6 && turn < 1000; turn++) await new Promise((resolve) => setImmediate(resolve));
  const collected = collect(socket);
  expect(collected.text()).toBe("early ");
  theirs.write("late");
  expect(await collected.until(10)).toBe("early late");
});

test("the end and the close of the socket are told", async () => {
  const { socket, theirs } = await open();
  const collected = collect(socket);
  const end = once(socket, "end");
  theirs.end("last");
  await end;
  expect(collected.text()).toBe("last");
  const closed = once(socket, "close");
  socket.end();
  await closed;
});

/** The sizes of what an accepted socket reads: what is given back, whose memory is gone, and what is not. */
async function readMuch(
  read: (socket: Socket, receive: (bytes: Uint8Array) => void) => void,
): Promise<Record<"given" | "kept", number[]>> {
  const { socket: ours, theirs } = await open();
  const reads: { readonly bytes: Uint8Array; readonly length: number; readonly sum: number }[] = [];
  let left = 4 * 1024 * 1024;
  const all = new Promise<void>((resolve) => {
    read(theirs, (bytes) => {
      reads.push({ bytes, length: bytes.length, sum: bytes.reduce((sum, byte) => sum + byte, 0) });
      left -= bytes.length;
      if (left === 0) setImmediate(resolve);
    });
  });
  ours.write(Buffer.alloc(left, 1));
  await all;
  expect(reads.map(({ sum }) => sum)).toEqual(reads.map(({ length }) => length));
  const lengths = (given: boolean): number[] =>
    reads.filter(({ bytes }) => (bytes.buffer.byteLength === 0) === given).map(({ length }) => length);
  return { given: lengths(true), kept: lengths(false) };
}

test("the memory of large reads of an accepted socket is given back", async () => {
  const { given, kept } = await readMuch((socket, receive) => SharedReads.read(socket, receive));
  expect(given.length).toBeGreaterThan(0);
  expect(Math.min(...given)).toBeGreaterThanOrEqual(16 * 1024);
  expect(Math.max(0, ...kept)).toBeLessThan(16 * 1024);
});

test("it is not where somebody else reads the socket too", async () => {
  const { given } = await readMuch((socket, receive) => {
    SharedReads.read(socket, receive);
    socket.on("data", () => {});
  });
  expect(given).toEqual([]);
});

test("of any other stream the data is read", () => {
  const stream = new PassThrough();
  const seen: string[] = [];
  SharedReads.read(stream, (bytes) => seen.push(Buffer.from(bytes).toString()));
  stream.write("one");
  stream.write("two");
  expect(seen.join(" ")).toBe("one two");
});

test("an accepted socket that is paused keeps what comes, and gives it in order", async () => {
  const { socket: ours, theirs } = await open();
  const collected = collect(theirs);
  ours.write("one ");
  await collected.until(4);
  theirs.pause();
  ours.write("two ");
  for (let turn = 0; theirs.bytesRead < 8 && turn < 10_000; turn++)
    await new Promise((resolve) => setImmediate(resolve));
  expect(theirs.bytesRead).toBe(8);
  expect(collected.text()).toBe("one ");
  theirs.resume();
  ours.write("three");
  expect(await collected.until(13)).toBe("one two three");
});

test("who listens to an accepted socket too hears all that follows", async () => {
  const { socket: ours, theirs } = await open();
  const collected = collect(theirs);
  ours.write("one ");
  await collected.until(4);
  let heard = "";
  theirs.on("data", (bytes: Buffer) => {
    heard += bytes.toString("latin1");
  });
  ours.write("two");
  expect(await collected.until(7)).toBe("one two");
  expect(heard).toBe("two");
});

test("an accepted socket tells its end behind what came", async () => {
  const { socket: ours, theirs } = await open();
  const collected = collect(theirs);
  const end = once(theirs, "end");
  ours.end("last");
  await end;
  expect(collected.text()).toBe("last");
});
