import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { type ByteSource, sendBytes } from "../../src/runtime/bytes.js";
import { RpcError, status } from "../../src/runtime/index.js";
import { rejection } from "../contract/harness/harness.js";
import type { TrialHandlers } from "../contract/harness/trial-service.js";
import { randomBytes, serve, sha256, still, withResolvers } from "./support.js";

const toMessage = (value: Uint8Array): { value: Uint8Array } => ({ value });

/** Takes all, and tells of each message. */
function taking(pieces: Uint8Array[]): Partial<TrialHandlers> {
  return {
    async upload(call) {
      for await (const { value } of call) pieces.push(value);
      return { value: pieces.length };
    },
  };
}

const bytes = randomBytes(300_000);
const thirds = [bytes.subarray(0, 100_000), bytes.subarray(100_000, 100_000), bytes.subarray(100_000)];

/** One source of each shape, all of the same bytes. */
const sources: Record<string, () => ByteSource> = {
  "a Node stream": () => Readable.from(thirds),
  "a Node stream of Buffers": () => Readable.from(thirds.map((piece) => Buffer.from(piece))),
  "a web stream": () => new Blob([bytes]).stream(),
  "a Blob": () => new Blob([bytes]),
  bytes: () => bytes,
  "an array": () => thirds,
  "an async generator": async function* () {
    yield* thirds;
  },
};

describe("what is sent", () => {
  for (const [name, source] of Object.entries(sources)) {
    test(`of ${name} arrives whole, in chunks, and progress tells`, async () => {
      const pieces: Uint8Array[] = [];
      const { client } = await serve(taking(pieces));
      const [offsets, progress]: [number[], number[]] = [[], []];
      await using call = client.upload();
      const sent = await sendBytes(call, source(), {
        chunkBytes: 16_384,
        toMessage: (value, offset) => {
          offsets.push(offset);
          return { value };
        },
        onProgress: (soFar) => progress.push(soFar),
      });
      expect((await call.closeAndRecv()).value).toBe(pieces.length);
      expect(sent).toEqual({ bytes: bytes.length, complete: true });
      expect(sha256(...pieces)).toBe(sha256(bytes));
      expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(16_384);
      const ends = pieces.map(
        (
          (at) =>
          ({ length }) =>
            (at += length)
        )(0),
      );
      expect(progress).toEqual(ends);
      expect(offsets).toEqual([0, ...ends.slice(0, -1)]);
    });
  }

  test("nothing of an empty source, and the call goes on", async () => {
    const pieces: Uint8Array[] = [];
    const { client } = await serve(taking(pieces));
    const call = client.upload();
    expect(await sendBytes(call, new Uint8Array(0), { toMessage })).toEqual({ bytes: 0, complete: true });
    await call.send({ value: bytes });
    expect((await call.closeAndRecv()).value).toBe(1);
  });

  test("chunks of 64 KiB where nothing is said, and what a slow source has is not held back", async () => {
    const pieces: Uint8Array[] = [];
    const arrived = withResolvers();
    const { client } = await serve({
      async upload(call) {
        for await (const { value } of call) {
          pieces.push(value);
          if (pieces.length === 6) arrived.resolve();
        }
        return { value: 0 };
      },
    });
    const call = client.upload();
    const slow = async function* () {
      yield bytes;
      yield new Uint8Array(7);
      await arrived.promise; // comes only if the seven bytes do
    };
    await sendBytes(call, slow(), { toMessage });
    await call.closeAndRecv();
    expect(pieces.map(({ length }) => length)).toEqual([65_536, 65_536, 65_536, 65_536, 37_856, 7]);
  });

  test("a server sends them too", async () => {
    const { client } = await serve({
      async download(_, call) {
        await sendBytes(call, Readable.from(thirds), { toMessage });
      },
    });
    const pieces: Uint8Array[] = [];
    for await (const { value } of client.download({ value: 0 })) pieces.push(value);
    expect(sha256(...pieces)).toBe(sha256(bytes));
  });
});

test("a server that does not read stops the source", async () => {
  const over = withResolvers();
  const { client } = await serve({
    async upload() {
      await over.promise;
      return { value: 0 };
    },
  });
  let given = 0;
  const endless = function* () {
    for (;;) {
      given += bytes.length;
      yield bytes;
    }
  };
  const call = client.upload();
  const sent = sendBytes(call, endless(), { toMessage });
  expect(await still(() => given)).toBeLessThan(4_000_000);
  over.resolve();
  expect((await sent).complete).toBe(false);
});

/** Sources that never give anything, and a promise of their being stopped. */
function waiting(): Record<string, { readonly source: ByteSource; readonly stopped: Promise<unknown> }> {
  const node = new Readable({ read() {} });
  const cancelled = withResolvers<unknown>();
  const web = new ReadableStream<Uint8Array>({ cancel: (reason) => cancelled.resolve(reason) });
  const returned = withResolvers<unknown>();
  const iterator: AsyncIterator<Uint8Array> = {
    next: () => new Promise(() => {}),
    return: async () => {
      returned.resolve(undefined);
      return { done: true, value: undefined };
    },
  };
  return {
    "a Node stream": { source: node, stopped: new Promise((resolve) => node.once("close", resolve)) },
    "a web stream": { source: web, stopped: cancelled.promise },
    "an iterator": { source: { [Symbol.asyncIterator]: () => iterator }, stopped: returned.promise },
  };
}

describe("the end of the call stops the source, while it is waited for", () => {
  for (const name of Object.keys(waiting())) {
    test(`${name}, by an error of the server's`, async () => {
      const { client } = await serve({
        async upload() {
          throw new RpcError(status.PERMISSION_DENIED, "not here");
        },
      });
      const { source, stopped } = waiting()[name]!;
      const sent = sendBytes(client.upload(), source, { toMessage });
      expect(await rejection(sent)).toMatchObject({ code: status.PERMISSION_DENIED, details: "not here" });
      await stopped;
    });

    test(`${name}, by a cancel`, async () => {
      const { client } = await serve(taking([]));
      const { source, stopped } = waiting()[name]!;
      const call = client.upload();
      const sent = sendBytes(call, source, { toMessage });
      call.cancel();
      expect((await rejection(sent)).code).toBe(status.CANCELLED);
      await stopped;
    });

    test(`${name}, by an early answer: that is no error`, async () => {
      const { client } = await serve({ upload: async () => ({ value: 7 }) });
      const { source, stopped } = waiting()[name]!;
      const call = client.upload();
      expect(await sendBytes(call, source, { toMessage })).toEqual({ bytes: 0, complete: false });
      expect((await call.closeAndRecv()).value).toBe(7);
      await stopped;
    });

    test(`${name}, where the call was over before`, async () => {
      const { client } = await serve(taking([]));
      const { source, stopped } = waiting()[name]!;
      const call = client.upload();
      call.cancel();
      await rejection(sendBytes(call, source, { toMessage }));
      await stopped;
    });
  }
});

describe("what fails here ends the call, and the server hears of it", () => {
  const boom = new Error("boom");
  const hearing = () => {
    const [begun, heard] = [withResolvers(), withResolvers<unknown>()];
    const upload: TrialHandlers["upload"] = async (call) => {
      begun.resolve();
      try {
        for await (const _ of call);
        heard.resolve("a clean end");
      } catch (error) {
        heard.resolve(error instanceof RpcError && error.code);
      }
    };
    return { begun: begun.promise, heard: heard.promise, upload };
  };

  test("a Node stream that fails", async () => {
    const { begun, heard, upload } = hearing();
    const { client } = await serve({ upload });
    const call = client.upload();
    await begun;
    const source = Readable.from(
      (async function* () {
        yield bytes;
        throw boom;
      })(),
    );
    await expect(sendBytes(call, source, { toMessage })).rejects.toBe(boom);
    expect(await rejection(call.closeAndRecv())).toMatchObject({ code: status.CANCELLED, cause: boom });
    expect(await heard).toBe(status.CANCELLED);
  });

  test("a web stream that fails", async () => {
    const { begun, heard, upload } = hearing();
    const { client } = await serve({ upload });
    const call = client.upload();
    await begun;
    const source = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(boom) });
    await expect(sendBytes(call, source, { toMessage })).rejects.toBe(boom);
    expect(await heard).toBe(status.CANCELLED);
  });

  test.each([
    ["toMessage, async", { toMessage: () => Promise.reject(boom) as never }],
    ["toMessage", { toMessage: fail }],
    ["onProgress", { toMessage, onProgress: fail }],
  ])("%s that throws; the source is stopped", async (name, options) => {
    const { begun, heard, upload } = hearing();
    const { client } = await serve({ upload });
    const call = client.upload();
    await begun;
    const source = Readable.from([bytes, bytes, bytes]);
    const closed = new Promise((resolve) => source.once("close", resolve));
    const sent = sendBytes(call, source, options);
    if (name !== "toMessage, async") await expect(sent).rejects.toBe(boom);
    else await expect(sent).rejects.toThrow("toMessage returned a promise; it must not be an async function");
    await closed;
    expect(await heard).toBe(status.CANCELLED);
  });

  function fail(): never {
    throw boom;
  }

  test("nobody needs to await it", async () => {
    const { begun, heard, upload } = hearing();
    const { client } = await serve({ upload });
    const call = client.upload();
    await begun;
    void sendBytes(call, Readable.from([bytes]), { toMessage: fail });
    expect(await heard).toBe(status.CANCELLED);
  });

  test("text is no bytes", async () => {
    const { client } = await serve(taking([]));
    const sent = sendBytes(client.upload(), Readable.from(["text"]) as never, { toMessage });
    await expect(sent).rejects.toThrow("the source gave text (a stream with an encoding?); it must give Uint8Array");
  });
});

describe("what it cannot go by is a TypeError, and nothing is sent", () => {
  test.each([
    [
      bytes,
      { toMessage, chunkbytes: 1 },
      'sendBytes knows no option "chunkbytes"; it takes toMessage, chunkBytes, onProgress',
    ],
    [bytes, { toMessage, chunkBytes: 0 }, "chunkBytes is 0; it takes a whole number of bytes, at least 1"],
    [bytes, {}, "sendBytes needs toMessage: (bytes, offset) => a message"],
    ["text", { toMessage }, "string is no source of bytes: a Node stream"],
    [{}, { toMessage }, "an object without an iterator is no source of bytes"],
  ])("%o, %o", async (source, options, text) => {
    const sent: unknown[] = [];
    const call = { send: async () => true, sendAll: async () => sent.push(1) > 0 };
    await expect(sendBytes(call, source as never, options as never)).rejects.toThrow(text);
    await expect(sendBytes(call, source as never, options as never)).rejects.toBeInstanceOf(TypeError);
    expect(sent).toEqual([]);
  });
});
