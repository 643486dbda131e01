import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { readBytes } from "../../src/runtime/bytes.js";
import { RpcError, status } from "../../src/runtime/index.js";
import { rejection } from "../contract/harness/harness.js";
import type { TrialClient, TrialHandlers } from "../contract/harness/trial-service.js";
import { randomBytes, serve, sha256, still, withResolvers } from "./support.js";

const bytes = randomBytes(500_000);
const toBytes = ({ value }: { readonly value: Uint8Array }): Uint8Array => value;

/** Sends the bytes in pieces, and then does what is said. */
async function sending(end: () => unknown = () => {}): Promise<{ client: TrialClient; ended: Promise<unknown> }> {
  const ended = withResolvers<unknown>();
  const download: TrialHandlers["download"] = async (_, call) => {
    try {
      for (let at = 0; at < bytes.length; at += 50_000) await call.send({ value: bytes.subarray(at, at + 50_000) });
      await call.send({ value: new Uint8Array(0) });
      const aborted = new Promise((_, reject) =>
        call.signal.addEventListener("abort", () => reject(call.signal.reason)),
      );
      await Promise.race([end(), aborted]);
      ended.resolve("OK");
    } catch (error) {
      ended.resolve(error instanceof RpcError && error.code);
      throw error;
    }
  };
  return { ...(await serve({ download })), ended: ended.promise };
}

const never = (): Promise<never> => new Promise(() => {});

describe("the bytes of a call", () => {
  test("go through a Node pipeline into a file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "gen-stubs-bytes-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const { client } = await sending();
    await pipeline(readBytes(client.download({ value: 0 }), toBytes), createWriteStream(join(folder, "file")));
    expect(sha256(await readFile(join(folder, "file")))).toBe(sha256(bytes));
  });

  test("are a Response's body, a Node stream, a loop's", async () => {
    const { client } = await sending();
    const call = () => readBytes(client.download({ value: 0 }), toBytes);
    expect(sha256(new Uint8Array(await new Response(call()).arrayBuffer()))).toBe(sha256(bytes));
    const [node, loop]: [Uint8Array[], Uint8Array[]] = [[], []];
    for await (const piece of Readable.fromWeb(call() as never)) node.push(piece);
    expect(sha256(...node)).toBe(sha256(bytes));
    for await (const piece of call()) loop.push(piece);
    expect(loop.map(({ length }) => length)).toEqual(Array.from({ length: 10 }, () => 50_000));
  });

  test("a server reads its requests so", async () => {
    const { client } = await serve({
      async upload(call) {
        const all = new Uint8Array(await new Response(readBytes(call, toBytes)).arrayBuffer());
        return { value: all.length };
      },
    });
    const call = client.upload();
    await call.sendAll([{ value: bytes }, { value: bytes }]);
    expect((await call.closeAndRecv()).value).toBe(2 * bytes.length);
  });

  test("messages without any are passed over", async () => {
    const { client } = await sending();
    let count = 0;
    const last = readBytes(client.download({ value: 0 }), ({ value }) => (++count === 10 ? value : undefined));
    const pieces: Uint8Array[] = [];
    for await (const piece of last) pieces.push(piece);
    expect(sha256(...pieces)).toBe(sha256(bytes.subarray(450_000)));
  });
});

test("a consumer that does not read stops the server", async () => {
  let sent = 0;
  const { client } = await serve({
    async download(_, call) {
      for (;;) {
        await call.send({ value: bytes });
        sent += bytes.length;
      }
    },
  });
  const reader = readBytes(client.download({ value: 0 }), toBytes).getReader();
  await reader.read();
  expect(await still(() => sent)).toBeLessThan(8_000_000);
  await reader.cancel();
});

test("no clean end where the call had none: the error, behind what came before", async () => {
  const { client } = await sending(() => {
    throw new RpcError(status.DATA_LOSS, "the disk is gone");
  });
  const pieces: Uint8Array[] = [];
  const reading = pipeline(
    readBytes(client.download({ value: 0 }), toBytes),
    async (all: AsyncIterable<Uint8Array>) => {
      for await (const piece of all) pieces.push(piece);
    },
  );
  expect(await rejection(reading)).toMatchObject({ code: status.DATA_LOSS });
  expect(sha256(...pieces)).toBe(sha256(bytes));
});

describe("a consumer that ends cancels the call, and the server hears of it", () => {
  const boom = new Error("boom");
  const ways: Record<string, (stream: ReadableStream<Uint8Array>) => Promise<unknown>> = {
    cancel: async (stream) => {
      const reader = stream.getReader();
      await reader.read();
      await reader.cancel(boom);
    },
    break: async (stream) => {
      for await (const _ of stream) break;
    },
    "a Node pipeline that fails": async (stream) => {
      const failing = new Writable({ write: (_piece, _encoding, done) => done(boom) });
      await expect(pipeline(stream, failing)).rejects.toBe(boom);
    },
    "a web pipe that fails": async (stream) => {
      await expect(stream.pipeTo(new WritableStream({ write: () => Promise.reject(boom) }))).rejects.toBe(boom);
    },
  };
  for (const [name, end] of Object.entries(ways)) {
    test(`by ${name}`, async () => {
      const { client, ended } = await sending(never);
      const call = client.download({ value: 0 });
      await end(readBytes(call, toBytes));
      expect(await ended).toBe(status.CANCELLED);
      expect(await call.status).toMatchObject({ code: status.CANCELLED });
    });
  }

  test.each([
    [
      "toBytes that throws",
      () => Promise.reject(boom) as never,
      "toBytes returned a promise; it must not be an async function",
    ],
    ["toBytes that gives no bytes", () => "text" as never, "toBytes gave string; it must give Uint8Array"],
  ])("by %s", async (_, wrong, text) => {
    const { client, ended } = await sending(never);
    const call = client.download({ value: 0 });
    await expect(readBytes(call, wrong).getReader().read()).rejects.toThrow(text);
    expect(await ended).toBe(status.CANCELLED);
  });

  test("by toBytes that throws at once: the error is the stream's and the call's cause", async () => {
    const { client, ended } = await sending(never);
    const call = client.download({ value: 0 });
    const stream = readBytes(call, () => {
      throw boom;
    });
    await expect(stream.getReader().read()).rejects.toBe(boom);
    await expect(call.recv()).rejects.toMatchObject({ code: status.CANCELLED, cause: boom });
    expect(await ended).toBe(status.CANCELLED);
  });
});
