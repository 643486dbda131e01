import { expect } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { status } from "../../src/runtime/index.js";
import { contract } from "./harness/harness.js";

const note = { value: "x" };

contract("P14", (keeps) => {
  keeps("P14 idleTimeoutMs ends a call whose server says nothing", async ({ start }) => {
    const reason = new Deferred<unknown>();
    const { client } = await start({
      async download(_, call) {
        await call.send({ value: new Uint8Array(1) });
        await new Promise<void>((resolve) => call.signal.addEventListener("abort", () => resolve()));
        reason.resolve(call.signal.reason);
      },
      greet: (request) => request,
    });
    await client.greet({ value: "so that the connection is there" });
    const reader = client.download({ value: 0 }, { idleTimeoutMs: 200 });
    expect((await reader.recv())?.value.length).toBe(1);
    await expect(reader.recv()).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
    expect((await reader.status).details).toContain("idleTimeoutMs");
    expect(await reason.promise).toMatchObject({ code: status.CANCELLED });
  });

  keeps("P14 idleTimeoutMs leaves a call alone while messages come", async ({ start }) => {
    const { client } = await start({
      async download(_, call) {
        for (let i = 0; i < 10; i++) {
          await call.send({ value: new Uint8Array(1) });
          await new Promise((resolve) => setTimeout(resolve, 30));
        }
      },
    });
    let count = 0;
    for await (const _ of client.download({ value: 0 }, { idleTimeoutMs: 2_000 })) count++;
    expect(count).toBe(10);
  });

  keeps("P14 a slow reader's own delay is not the server's silence", async ({ start }) => {
    const { client } = await start({
      async chat(call) {
        for (let i = 0; i < 3; i++) await call.send(note);
        await call.recv();
      },
      greet: (request) => request,
    });
    await client.greet({ value: "so that the connection is there" });
    const chat = client.chat({ idleTimeoutMs: 200 });
    await chat.header;
    await new Promise((resolve) => setTimeout(resolve, 600));
    for (let i = 0; i < 3; i++) expect(await chat.recv()).toMatchObject(note);
    await chat.closeSend();
    expect(await chat.recv()).toBeUndefined();
  });
});
