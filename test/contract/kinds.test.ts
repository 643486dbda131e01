import { expect } from "vitest";
import { contract } from "./harness/harness.js";

const bytes = (n: number) => ({ value: new Uint8Array([n]) });

contract("the four kinds", (keeps) => {
  keeps("unary: one request, one response", async ({ start }) => {
    const { client } = await start({ greet: ({ value }) => ({ value: `hello ${value}` }) });
    expect((await client.greet({ value: "Ada" })).value).toBe("hello Ada");
  });

  keeps("server streaming: all messages, in order", async ({ start }) => {
    const { client } = await start({
      async download({ value }, call) {
        for (let i = 0; i < value; i++) await call.send(bytes(i));
      },
    });
    const got: number[] = [];
    for await (const chunk of client.download({ value: 100 })) got.push(chunk.value[0] ?? -1);
    expect(got).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  keeps("server streaming: a handler may return an async iterable", async ({ start }) => {
    const { client } = await start({
      async *download({ value }) {
        for (let i = 0; i < value; i++) yield bytes(i);
      },
    });
    const got: number[] = [];
    for await (const chunk of client.download({ value: 10 })) got.push(chunk.value[0] ?? -1);
    expect(got).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  keeps("client streaming: all requests, one response", async ({ start }) => {
    const { client } = await start({
      async upload(call) {
        let sum = 0;
        for await (const chunk of call) sum += chunk.value.length;
        await call.sendAndClose({ value: sum });
      },
    });
    const upload = client.upload();
    for (let i = 0; i < 100; i++) expect(await upload.send({ value: new Uint8Array(i) })).toBe(true);
    expect((await upload.closeAndRecv()).value).toBe(4950);
    expect((await upload.status).code).toBe(0);
  });

  keeps("bidirectional: a dialogue, message by message", async ({ start }) => {
    const { client } = await start({
      async chat(call) {
        for await (const note of call) await call.send({ value: note.value.toUpperCase() });
      },
    });
    await using chat = client.chat();
    for (const word of ["one", "two", "three"]) {
      await chat.send({ value: word });
      expect((await chat.recv())?.value).toBe(word.toUpperCase());
    }
    await chat.closeSend();
    expect(await chat.recv()).toBeUndefined();
    expect((await chat.status).code).toBe(0);
  });
});
