import { afterEach, expect, vi } from "vitest";
import { status } from "../../src/runtime/index.js";
import { contract, rejection } from "./harness/harness.js";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const HOUR = 3_600_000;

contract("P19", (keeps) => {
  for (const step of [-HOUR, HOUR]) {
    keeps(`P19 a deadline holds when the wall clock steps by ${step / HOUR} h`, async ({ start }) => {
      const { client } = await start({
        greet: (_, call) =>
          new Promise((_resolve, reject) => call.signal.addEventListener("abort", () => reject(call.signal.reason))),
        chat: async (call) => {
          await call.send({ value: String(Math.round(call.timeoutMs() / 10_000)) });
        },
        download: async (_, call) => {
          await call.send({ value: new Uint8Array([Math.round(call.timeoutMs() / 10_000)]) });
        },
      });
      const real = Date.now;
      const waits = rejection(client.greet({ value: "" }, { timeoutMs: 300 }));
      vi.spyOn(Date, "now").mockImplementation(() => real() + step);
      expect((await waits).code).toBe(status.DEADLINE_EXCEEDED);
      // A call that begins in the new time is told what it meant.
      const options = { deadline: Date.now() + 60_000 };
      if (client.bidi) expect((await client.chat(options).recv())?.value).toBe("6");
      else expect((await client.download({ value: 0 }, options).recv())?.value).toEqual(new Uint8Array([6]));
    });
  }

  for (const [name, toFake] of [
    ["vitest's default", undefined],
    ["the date alone", ["Date"]],
    [
      "timers, turns and clocks",
      [
        "setTimeout",
        "clearTimeout",
        "setInterval",
        "clearInterval",
        "setImmediate",
        "clearImmediate",
        "Date",
        "performance",
      ],
    ],
  ] as const) {
    keeps(`P19 calls go on under fake timers: ${name}`, async ({ start }) => {
      const running = await start({
        greet: ({ value }) => ({ value }),
        async *download({ value }) {
          for (let i = 0; i < value; i++) yield { value: new Uint8Array(1) };
        },
        async upload(call) {
          let value = 0;
          for await (const _ of call) value++;
          return { value };
        },
        async *chat(call) {
          yield* call;
        },
      });
      const { client } = running;
      vi.useFakeTimers({ now: new Date("2020-01-01"), ...(toFake === undefined ? {} : { toFake: [...toFake] }) });
      expect((await client.greet({ value: "a" }, { timeoutMs: 60_000 })).value).toBe("a");
      let count = 0;
      for await (const _ of client.download({ value: 3 })) count++;
      expect(count).toBe(3);
      const upload = client.upload();
      await upload.send({ value: new Uint8Array(1) });
      expect((await upload.closeAndRecv()).value).toBe(1);
      if (client.bidi) {
        const chat = client.chat();
        await chat.send({ value: "b" });
        expect((await chat.recv())?.value).toBe("b");
        chat.cancel();
        expect((await chat.status).code).toBe(status.CANCELLED);
      }
      await running.channel.close();
      await running.shutdown(0);
    });
  }
});
