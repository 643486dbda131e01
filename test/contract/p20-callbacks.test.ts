import { expect } from "vitest";
import { RpcError, status } from "../../src/runtime/index.js";
import { contract, readAll, rejection, turn } from "./harness/harness.js";

const boom = new Error("boom");

contract("P20", (keeps) => {
  keeps("P20 a source that throws ends the call, awaited or not, and both sides hear", async ({ start }) => {
    const seen: unknown[] = [];
    const [began, over] = [withResolvers(), withResolvers()];
    const { client } = await start({
      async chat(call) {
        began.resolve();
        try {
          for await (const { value } of call) await call.send({ value });
          seen.push("a clean end");
        } catch (error) {
          seen.push(error instanceof RpcError && error.code);
          throw error;
        } finally {
          over.resolve();
        }
      },
    });
    const chat = client.chat();
    const sent = chat.sendAll(
      (async function* () {
        yield { value: "one" };
        await began.promise;
        throw boom;
      })(),
    );
    const { error } = await readAll(chat);
    expect(error).toMatchObject({ code: status.CANCELLED, cause: boom });
    await expect(sent).rejects.toBe(boom);
    await over.promise;
    expect(seen).toEqual([status.CANCELLED]);
  });

  for (const [what, download] of [
    ["an array", () => [1, 2, 3]],
    ["a promise of an array", async () => [1, 2, 3]],
    [
      "a generator",
      function* () {
        yield* [1, 2, 3];
      },
    ],
    [
      "a promise of an async generator",
      async () =>
        (async function* () {
          yield* [1, 2, 3];
        })(),
    ],
    ["a Set", () => new Set([1, 2, 3])],
  ] as const) {
    keeps(`P20 a stream handler that returns ${what} sends what is in it`, async ({ start }) => {
      const messages = async function* () {
        for await (const n of await download()) yield { value: new Uint8Array([n]) };
      };
      const values = async () => {
        const returned = await download();
        return Symbol.asyncIterator in returned
          ? messages()
          : [...returned].map((n) => ({ value: new Uint8Array([n]) }));
      };
      const { client } = await start({ download: values });
      const { messages: got, error } = await readAll(client.download({ value: 0 }));
      expect(error).toBeUndefined();
      expect(got.map(({ value }) => value[0])).toEqual([1, 2, 3]);
    });
  }

  for (const [what, returned, named] of [
    ["a message", { value: new Uint8Array(1) }, "an object (Object)"],
    ["a number", 7, "a number"],
    ["null", null, "null"],
    ["a text", "abc", "a string"],
  ] as const) {
    keeps(`P20 a stream handler that returns ${what} is INTERNAL, and says what it returned`, async ({ start }) => {
      const heard: unknown[] = [];
      const handlers = { download: async () => returned as never, chat: async () => returned as never };
      const { client } = await start(handlers, { onError: (error) => heard.push(error) });
      for (const call of [client.download({ value: 0 }), client.chat()]) {
        const { error } = await readAll<unknown>(call);
        expect(error?.code).toBe(status.INTERNAL);
        expect(error?.details).toContain(`returned ${named}; it may return an iterable of messages, or nothing`);
      }
      expect(heard.length).toBe(2);
    });
  }

  keeps("P20 a client-streaming handler may return its response", async ({ start }) => {
    const { client } = await start({
      async upload(call) {
        let value = 0;
        for await (const _ of call) value++;
        return { value };
      },
    });
    const upload = client.upload();
    await upload.send({ value: new Uint8Array(1) });
    expect((await upload.closeAndRecv()).value).toBe(1);
  });

  keeps("P20 callbacks that are async functions and reject end no process", async ({ start }) => {
    const { client } = await start({ greet: ({ value }) => ({ value }) });
    const failing = async () => {
      throw boom;
    };
    expect((await client.greet({ value: "a" }, { onHeader: failing, onTrailer: failing })).value).toBe("a");
    await turn();
  });

  keeps("P20 a generator whose finally fails after a cancel is heard of by onError", async ({ start }) => {
    const heard: unknown[] = [];
    const hears = withResolvers();
    const onError = (error: unknown) => {
      heard.push(error);
      hears.resolve();
    };
    const download = async function* (_: unknown, call: { signal: AbortSignal }) {
      try {
        for (;;) {
          yield { value: new Uint8Array(1) };
          if (call.signal.aborted) return;
        }
      } finally {
        await Promise.reject(boom);
      }
    };
    const { client } = await start({ download }, { onError });
    for await (const _ of client.download({ value: 0 })) break;
    await hears.promise;
    expect(heard).toEqual([boom]);
  });

  keeps("P20 an onError that throws harms nobody", async ({ start }) => {
    const onError = () => {
      throw boom;
    };
    const { client } = await start({ greet: () => Promise.reject(boom) }, { onError });
    expect((await rejection(client.greet({ value: "" }))).code).toBe(status.UNKNOWN);
    expect((await rejection(client.greet({ value: "" }))).code).toBe(status.UNKNOWN);
  });

  keeps(
    "P20 whatever is thrown becomes one status: things that are no errors, and errors without a text",
    async ({ start }) => {
      const nasty = {
        toString() {
          throw boom;
        },
      };
      for (const thrown of [undefined, null, 0, "text", Symbol("s"), nasty, Object.create(null)]) {
        const { client } = await start(
          { greet: () => Promise.reject(thrown), download: () => Promise.reject(thrown) },
          { onError: () => {} },
        );
        expect((await rejection(client.greet({ value: "" }))).code).toBe(status.UNKNOWN);
        expect((await readAll(client.download({ value: 0 }))).error?.code).toBe(status.UNKNOWN);
      }
    },
  );
});

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
