import { expect } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { status } from "../../src/runtime/index.js";
import { contract, readAll } from "./harness/harness.js";
import { longEnough } from "./harness/long-enough.js";

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
    await longEnough(200, async (idleTimeoutMs) => {
      const reader = client.download({ value: 0 }, { idleTimeoutMs });
      const { messages, error } = await readAll(reader);
      expect(error?.code).toBe(status.DEADLINE_EXCEEDED);
      expect((await reader.status).details).toContain("idleTimeoutMs");
      return messages.length === 1;
    });
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
    await longEnough(200, async (idleTimeoutMs) => {
      const chat = client.chat({ idleTimeoutMs });
      const first = await outcomeOf(chat.recv());
      if (first !== "a message") return false; // until they are there, silence is the server's
      await client.greet({ value: "so that the other two are there" });
      await new Promise((resolve) => setTimeout(resolve, 3 * idleTimeoutMs));
      const others = [await outcomeOf(chat.recv()), await outcomeOf(chat.recv())];
      await chat.closeSend();
      // Where they came later than that, the silence was the server's again.
      return [...others, await outcomeOf(chat.recv())].join() === "a message,a message,the end";
    });
  });
});

async function outcomeOf(received: Promise<unknown>): Promise<string> {
  return received.then(
    (message) => (message === undefined ? "the end" : "a message"),
    (error: unknown) => String(error),
  );
}
