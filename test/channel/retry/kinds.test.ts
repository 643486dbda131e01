import { describe, expect, test } from "vitest";
import { status } from "../../../src/runtime/index.js";
import { rejection } from "../../contract/harness/harness.js";
import { alwaysFailing, failing, RETRY, setUp } from "./setting.js";

describe("a server that fails twice", () => {
  test("unary", async () => {
    const fail = failing(2);
    const seen: unknown[] = [];
    const { client, channel } = await setUp({
      greet({ value }, call) {
        seen.push(call.metadata.get("grpc-previous-rpc-attempts"));
        fail();
        return { value: `hello ${value}` };
      },
    });
    expect((await client.greet({ value: "ann" })).value).toBe("hello ann");
    expect(seen).toEqual([[], ["1"], ["2"]]);
    expect(channel.stats?.()).toMatchObject({
      openCalls: 0,
      calls: { started: 1, succeeded: 1, failed: 0 },
      retries: { retries: 2, hedges: 0, throttled: 0, overflowed: 0, bufferedBytes: 0, tokens: undefined },
    });
  });

  test("server streaming", async () => {
    const fail = failing(2);
    const { client } = await setUp({
      async *download({ value }) {
        fail();
        for (let i = 0; i < value; i++) yield { value: Uint8Array.of(i) };
      },
    });
    const seen: number[] = [];
    for await (const { value } of client.download({ value: 3 })) seen.push(value[0] ?? -1);
    expect(seen).toEqual([0, 1, 2]);
  });

  test("client streaming", async () => {
    const fail = failing(2);
    const counts: number[] = [];
    const { client } = await setUp({
      async upload(call) {
        let bytes = 0;
        for await (const { value } of call) bytes += value.length;
        counts.push(bytes);
        fail();
        await call.sendAndClose({ value: bytes });
      },
    });
    const call = client.upload();
    for (let i = 0; i < 100; i++) expect(await call.send({ value: new Uint8Array(10) })).toBe(true);
    expect((await call.closeAndRecv()).value).toBe(1000);
    expect(counts).toEqual([1000, 1000, 1000]);
  });

  test("bidi", async () => {
    const fail = failing(2);
    const { client } = await setUp({
      async *chat(call) {
        let first = true;
        for await (const { value } of call) {
          if (first) fail();
          first = false;
          yield { value: `${value}!` };
        }
      },
    });
    const call = client.chat();
    await call.send({ value: "a" });
    expect((await call.recv())?.value).toBe("a!");
    expect((await call.header).get("grpc-previous-rpc-attempts")).toEqual(["2"]);
    await call.send({ value: "b" });
    expect((await call.recv())?.value).toBe("b!");
    await call.closeSend();
    expect(await call.recv()).toBeUndefined();
  });
});

describe("when a call is not sent again", () => {
  test("after maxAttempts the last failure is the call's", async () => {
    const { client, channel } = await setUp({ greet: alwaysFailing() });
    const error = await rejection(client.greet({ value: "" }));
    expect(error).toMatchObject({ code: status.UNAVAILABLE, details: "not yet (4)" });
    expect(channel.stats?.()).toMatchObject({
      calls: { started: 1, succeeded: 0, failed: 1 },
      retries: { retries: 3 },
    });
  });

  test("maxAttempts beyond five are five", async () => {
    const { client } = await setUp({ greet: alwaysFailing() }, { retryPolicy: { ...RETRY, maxAttempts: 100 } });
    expect((await rejection(client.greet({ value: "" }))).details).toBe("not yet (5)");
  });

  test("retries.maxAttempts is that limit", async () => {
    const { client } = await setUp(
      { greet: alwaysFailing() },
      { retryPolicy: { ...RETRY, maxAttempts: 100 }, retries: { maxAttempts: 7 } },
    );
    expect((await rejection(client.greet({ value: "" }))).details).toBe("not yet (7)");
  });

  test("retries: false", async () => {
    const { client, channel } = await setUp({ greet: alwaysFailing() }, { retryPolicy: RETRY, retries: false });
    expect((await rejection(client.greet({ value: "" }))).details).toBe("not yet (1)");
    expect(channel.stats?.().retries?.retries).toBe(0);
  });

  test("after another code", async () => {
    const { client } = await setUp({ greet: alwaysFailing(status.INVALID_ARGUMENT) });
    expect((await rejection(client.greet({ value: "" }))).details).toBe("not yet (1)");
  });

  test("after a header", async () => {
    const fail = failing(9);
    const { client } = await setUp({
      async greet(_, call) {
        call.sendHeader();
        await new Promise((resolve) => setImmediate(resolve));
        fail();
        return {};
      },
    });
    expect((await rejection(client.greet({ value: "" }))).details).toBe("not yet (1)");
  });
});
