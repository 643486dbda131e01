import { AsyncLocalStorage } from "node:async_hooks";
import { expect } from "vitest";
import { contract } from "./harness/harness.js";

const storage = new AsyncLocalStorage<string>();

contract("P18", (keeps) => {
  keeps("P18 callbacks, iteration and sources run in the context of their own call", async ({ start }) => {
    const { client } = await start({
      greet: ({ value }) => ({ value }),
      async *download({ value }) {
        for (let i = 0; i < value; i++) yield { value: new Uint8Array([i]) };
      },
      async upload(call) {
        let value = 0;
        for await (const _ of call) value++;
        return { value };
      },
    });
    const callOf = (id: string) =>
      storage.run(id, async () => {
        const seen: (string | undefined)[] = [];
        const note = () => void seen.push(storage.getStore());
        const options = { onHeader: note, onTrailer: note };
        await client.greet({ value: id }, options);
        note();
        for await (const _ of client.download({ value: 2 }, options)) note();
        const upload = client.upload(options);
        await upload.sendAll(
          (async function* () {
            note();
            yield { value: new Uint8Array(1) };
            note();
          })(),
        );
        await upload.closeAndRecv();
        note();
        return seen;
      });
    // The first of them opens the connection: the others must not run in its context.
    for (const [index, seen] of (await Promise.all(["a", "b", "c"].map(callOf))).entries()) {
      const id = "abc"[index]!;
      expect(seen.length).toBeGreaterThanOrEqual(11);
      expect(seen.filter((one) => one !== id)).toEqual([]);
    }
  });

  keeps("P18 handlers run in a context of nobody's", async ({ start }) => {
    const seen: unknown[] = [];
    const { client } = await storage.run("the server's maker", () =>
      start({
        greet({ value }, call) {
          seen.push(storage.getStore());
          call.signal.addEventListener("abort", () => seen.push(storage.getStore()));
          return { value };
        },
        async *chat(call) {
          seen.push(storage.getStore());
          for await (const message of call) {
            seen.push(storage.getStore());
            yield message;
          }
        },
      }),
    );
    await storage.run("a client", async () => {
      await client.greet({ value: "" });
      await client.greet({ value: "" });
      const chat = client.chat();
      await chat.send({ value: "hello" });
      expect((await chat.recv())?.value).toBe("hello");
      await chat.closeSend();
      expect(await chat.recv()).toBeUndefined();
    });
    expect(seen).toEqual([undefined, undefined, undefined, undefined]);
  });

  keeps("P18 what a handler sets for itself stays with its call", async ({ start }) => {
    const { client } = await start({
      chat: (call) =>
        storage.run(`handler ${call.metadata.get("x-id")[0]}`, async () => {
          for await (const _ of call) await call.send({ value: storage.getStore() ?? "none" });
        }),
    });
    const calls = ["1", "2"].map((id) => client.chat({ metadata: { "x-id": id } }));
    for (const call of calls) await call.send({ value: "" });
    expect((await calls[1]!.recv())?.value).toBe("handler 2");
    expect((await calls[0]!.recv())?.value).toBe("handler 1");
    for (const call of calls) call.cancel();
  });
});
