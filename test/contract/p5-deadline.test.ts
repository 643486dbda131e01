import { expect } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { status } from "../../src/runtime/index.js";
import { contract, readAll } from "./harness/harness.js";
import { longEnough } from "./harness/long-enough.js";

contract("P5", (keeps) => {
  keeps("P5 the handler sees the time that is left", async ({ start }) => {
    const seen = new Deferred<{ left: number; deadline: Date | undefined }>();
    const { client } = await start({
      greet(request, call) {
        seen.resolve({ left: call.timeoutMs(), deadline: call.deadline });
        return request;
      },
    });
    await client.greet({ value: "" }, { timeoutMs: 60_000 });
    const { left, deadline } = await seen.promise;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(60_001);
    expect(deadline?.getTime()).toBeGreaterThan(Date.now());
  });

  keeps("P5 without a deadline there is Infinity left", async ({ start }) => {
    const { client } = await start({
      greet: (_, call) => ({ value: `${call.timeoutMs()} ${String(call.deadline)}` }),
    });
    expect((await client.greet({ value: "" })).value).toBe("Infinity undefined");
  });

  keeps("P5 both sides end with DEADLINE_EXCEEDED", async ({ start }) => {
    const reason = new Deferred<unknown>();
    const { client } = await start({
      async chat(call) {
        call.signal.addEventListener("abort", () => reason.resolve(call.signal.reason));
        for await (const note of call) await call.send(note);
      },
      greet: (request) => request,
    });
    await client.greet({ value: "so that the connection is there" });
    await longEnough(150, async (timeoutMs) => {
      const chat = client.chat({ timeoutMs });
      await chat.send({ value: "a" }).catch(() => {});
      const { messages, error } = await readAll(chat);
      expect(error?.code).toBe(status.DEADLINE_EXCEEDED);
      await expect(chat.send({ value: "b" })).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
      return messages.length === 1;
    });
    expect(await reason.promise).toMatchObject({ code: status.DEADLINE_EXCEEDED });
  });

  keeps("P5 of timeoutMs and deadline the earlier counts", async ({ start }) => {
    const { client } = await start({ greet: (_, call) => ({ value: String(call.timeoutMs()) }) });
    const soon = { timeoutMs: 10_000, deadline: new Date(Date.now() + 90_000) };
    expect(Number((await client.greet({ value: "" }, soon)).value)).toBeLessThanOrEqual(10_001);
    const sooner = { timeoutMs: 90_000, deadline: Date.now() + 10_000 };
    expect(Number((await client.greet({ value: "" }, sooner)).value)).toBeLessThanOrEqual(10_001);
  });

  keeps("P5 a deadline that has passed fails without a call", async ({ start }) => {
    let calls = 0;
    const { client } = await start({
      greet(request) {
        calls++;
        return request;
      },
    });
    const late = { deadline: Date.now() - 1 };
    await expect(client.greet({ value: "" }, late)).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
    await expect(client.chat(late).recv()).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
    await client.greet({ value: "" });
    expect(calls).toBe(1);
  });
});
