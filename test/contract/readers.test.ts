import { expect } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { status } from "../../src/runtime/index.js";
import { contract } from "./harness/harness.js";

const bytes = (n: number) => ({ value: new Uint8Array([n]) });

contract("readers", (keeps) => {
  keeps("readers: several recv at once are served in order", async ({ start }) => {
    const { client } = await start({
      async *download() {
        for (let i = 0; i < 3; i++) yield bytes(i);
      },
    });
    const reader = client.download({ value: 0 });
    const asked = await Promise.all([reader.recv(), reader.recv(), reader.recv(), reader.recv()]);
    expect(asked.map((message) => message?.value[0])).toEqual([0, 1, 2, undefined]);
  });

  keeps("readers: recv, a loop and batches() take from one queue", async ({ start }) => {
    const { client } = await start({
      async *download() {
        for (let i = 0; i < 5; i++) yield bytes(i);
      },
    });
    const reader = client.download({ value: 0 });
    const got: (number | undefined)[] = [(await reader.recv())?.value[0]];
    for await (const batch of reader.batches()) for (const message of batch) got.push(message.value[0]);
    for await (const message of reader) got.push(message.value[0]);
    expect(got).toEqual([0, 1, 2, 3, 4]);
  });

  keeps("readers: a loop that was left has cancelled its call, and so says the next one", async ({ start }) => {
    const { client } = await start({
      async *download() {
        for (let i = 0; ; i++) yield bytes(i % 256);
      },
    });
    const reader = client.download({ value: 0 });
    for await (const _ of reader) break;
    await expect(reader.recv()).rejects.toMatchObject({ code: status.CANCELLED });
  });

  keeps("readers: a handler that left its loop may read on, and answer", async ({ start }) => {
    const { client } = await start({
      async upload(call) {
        let first: number | undefined;
        for await (const chunk of call) {
          first = chunk.value[0];
          break;
        }
        const second = (await call.recv())?.value[0];
        let rest = 0;
        for await (const _ of call) rest++;
        expect([first, second]).toEqual([0, 1]);
        await call.sendAndClose({ value: rest });
      },
    });
    const upload = client.upload();
    expect(await upload.sendAll([0, 1, 2, 3, 4].map(bytes))).toBe(true);
    expect((await upload.closeAndRecv()).value).toBe(3);
    expect((await upload.closeAndRecv()).value).toBe(3);
  });

  keeps("readers: a handler may serve a duplex at both ends at once", async ({ start }) => {
    const read = new Deferred<number>();
    const { client } = await start({
      async chat(call) {
        const reading = (async () => {
          let count = 0;
          for await (const _ of call) count++;
          read.resolve(count);
        })();
        await call.sendAll(Array.from({ length: 100 }, (_, i) => ({ value: String(i) })));
        await reading;
      },
    });
    const chat = client.chat();
    const sent = chat.sendAll(Array.from({ length: 70 }, () => ({ value: "x" }))).then(() => chat.closeSend());
    let count = 0;
    for await (const _ of chat) count++;
    await sent;
    expect(count).toBe(100);
    expect(await read.promise).toBe(70);
  });
});
