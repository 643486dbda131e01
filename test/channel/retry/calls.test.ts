import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import { Metadata, RpcError, status } from "../../../src/runtime/index.js";
import { readAll, rejection, turn } from "../../contract/harness/harness.js";
import { TrialClient } from "../../contract/harness/trial-service.js";
import { alwaysFailing, connectWith, EACH, failing, RETRY, SERVICE, setUp } from "./setting.js";

const SLOW = { ...RETRY, initialBackoff: "30s", maxBackoff: "30s" };

/** A promise, and what resolves it. */
function gate(): { promise: Promise<void>; open: () => void } {
  let open = (): void => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

describe("time", () => {
  test("the deadline spans all attempts: it ends the wait between two", async () => {
    const fail = alwaysFailing();
    const { client } = await setUp({ greet: fail }, { retryPolicy: SLOW });
    const error = await rejection(client.greet({ value: "" }, { timeoutMs: 1_000 }));
    expect(error.code).toBe(status.DEADLINE_EXCEEDED);
    expect(error.details).toMatch(
      /^deadline exceeded after \d+ ms, waiting to send .*attempt 1 ended with UNAVAILABLE: not/,
    );
    expect(fail.calls).toBe(1);
  });

  test("each attempt has the time that is left", async () => {
    const left: number[] = [];
    const fail = failing(2);
    const { client } = await setUp({
      greet(_, call) {
        left.push(call.timeoutMs());
        fail();
        return {};
      },
    });
    await client.greet({ value: "" }, { timeoutMs: 60_000 });
    expect(left).toHaveLength(3);
    expect(left[1]).toBeLessThan((left[0] ?? 0) - 7);
    expect(left[2]).toBeLessThan((left[1] ?? 0) - 14);
  });

  test("DEADLINE_EXCEEDED at the call's own deadline is not retried, whatever the policy says", async () => {
    const retryPolicy = { ...RETRY, retryableStatusCodes: ["DEADLINE_EXCEEDED", "UNAVAILABLE"] };
    let calls = 0;
    const { client } = await setUp(
      {
        async greet(_, { signal }) {
          calls++;
          await once(signal, "abort");
          return {};
        },
      },
      { retryPolicy },
    );
    expect((await rejection(client.greet({ value: "" }, { timeoutMs: 150 }))).code).toBe(status.DEADLINE_EXCEEDED);
    await client.greet({ value: "" }, { timeoutMs: 1 }).catch(() => {});
    expect(calls).toBeLessThanOrEqual(2);
  });

  test("the config's timeout holds where the caller's is longer, and the caller's where it is shorter", async () => {
    const left: number[] = [];
    const { client } = await setUp(
      {
        greet(_, call) {
          left.push(call.timeoutMs());
          return {};
        },
      },
      { timeout: "30s" },
    );
    await client.greet({ value: "" });
    await client.greet({ value: "" }, { timeoutMs: 90_000 });
    await client.greet({ value: "" }, { timeoutMs: 10_000 });
    expect(left.map((ms) => Math.ceil(ms / 10_000))).toEqual([3, 3, 1]);
  });
});

describe("cancelling", () => {
  test.each<[by: string, cancel: (controller: AbortController, call: { cancel(): void }) => void]>([
    ["cancel()", (_, call) => call.cancel()],
    ["the caller's signal", (controller) => controller.abort()],
  ])("%s ends the wait between two attempts", async (_, cancel) => {
    const failed = gate();
    const { client, channel } = await setUp(
      {
        upload() {
          failed.open();
          throw new RpcError(status.UNAVAILABLE, "no");
        },
      },
      { retryPolicy: SLOW },
    );
    const controller = new AbortController();
    const call = client.upload({ signal: controller.signal });
    await call.send({ value: new Uint8Array(100) });
    await failed.promise;
    cancel(controller, call);
    expect((await call.status).code).toBe(status.CANCELLED);
    expect(channel.stats?.()).toMatchObject({
      openCalls: 0,
      calls: { started: 1, succeeded: 0, failed: 1 },
      retries: { bufferedBytes: 0, retries: 0 },
    });
  });

  test("a cancel of an attempt that is open reaches its server", async () => {
    const fail = failing(1);
    const aborted = gate();
    const begun = gate();
    const { client } = await setUp({
      async greet(_, { signal }) {
        fail();
        begun.open();
        await once(signal, "abort");
        aborted.open();
        return {};
      },
    });
    const controller = new AbortController();
    const answer = rejection(client.greet({ value: "" }, { signal: controller.signal }));
    await begun.promise;
    controller.abort();
    await aborted.promise;
    expect((await answer).code).toBe(status.CANCELLED);
  });

  test("close() ends calls between two attempts with CANCELLED", async () => {
    const failed = gate();
    const { client, channel } = await setUp(
      {
        greet() {
          failed.open();
          throw new RpcError(status.UNAVAILABLE, "no");
        },
      },
      { retryPolicy: SLOW },
    );
    const answer = rejection(client.greet({ value: "" }));
    await failed.promise;
    await turn();
    await channel.close();
    expect(channel.state).toBe("shutdown");
    const error = await answer;
    expect([status.CANCELLED, status.UNAVAILABLE]).toContain(error.code); // its failure may be under way
    expect((await rejection(client.greet({ value: "" }))).details).toBe("the channel is closed");
  });

  test("close({ graceMs }) lets a call be sent again within the grace", async () => {
    const fail = failing(2);
    const { client, channel } = await setUp({
      greet() {
        fail();
        return { value: "after all" };
      },
    });
    const answer = client.greet({ value: "" });
    await turn();
    const closed = channel.close({ graceMs: 30_000 });
    expect((await rejection(client.greet({ value: "" }))).details).toBe("the channel is closed");
    expect((await answer).value).toBe("after all");
    await closed;
  });
});

describe("pushback", () => {
  const pushing = (ms: string): RpcError => {
    const metadata = new Metadata();
    metadata.set("grpc-retry-pushback-ms", ms);
    return new RpcError(status.UNAVAILABLE, "later", { metadata });
  };

  test("the server's wait is waited for, instead of the policy's", async () => {
    let calls = 0;
    const { client } = await setUp(
      {
        greet() {
          if (calls++ === 0) throw pushing("1");
          return { value: "now" };
        },
      },
      { retryPolicy: SLOW },
    );
    expect((await client.greet({ value: "" })).value).toBe("now");
  });

  test("a negative one: not sent again", async () => {
    let calls = 0;
    const { client } = await setUp({
      greet() {
        calls++;
        throw pushing("-1");
      },
    });
    expect((await rejection(client.greet({ value: "" }))).details).toBe("later");
    expect(calls).toBe(1);
  });
});

describe("tokens", () => {
  test("when half of them are gone nothing is sent again, until calls succeed", async () => {
    let down = true;
    let calls = 0;
    const { client, channel } = await setUp(
      {
        greet() {
          calls++;
          if (down) throw new RpcError(status.UNAVAILABLE, "down");
          return {};
        },
      },
      { retryPolicy: RETRY, throttling: { maxTokens: 4, tokenRatio: 0.5 } },
    );
    const counts = () => ({
      calls,
      tokens: channel.stats?.().retries?.tokens,
      throttled: channel.stats?.().retries?.throttled,
    });
    await rejection(client.greet({ value: "" }));
    expect(counts()).toEqual({ calls: 2, tokens: 2, throttled: 1 });
    await rejection(client.greet({ value: "" }));
    expect(counts()).toEqual({ calls: 3, tokens: 1, throttled: 2 });
    down = false;
    for (let i = 0; i < 3; i++) await client.greet({ value: "" });
    expect(counts().tokens).toBe(2.5);
    down = true;
    await rejection(client.greet({ value: "" }));
    expect(counts()).toMatchObject({ calls: 7, tokens: 1.5 });
  });

  test("calls of methods without a policy bring tokens back too", async () => {
    const greet = { service: "contract.v1.Trial", method: "Greet" };
    const { client, channel } = await setUp(
      {
        greet() {
          throw new RpcError(status.UNAVAILABLE, "down");
        },
        download: async () => {},
      },
      { name: [greet], retryPolicy: RETRY, throttling: { maxTokens: 10, tokenRatio: 0.25 } },
    );
    await rejection(client.greet({ value: "" }));
    expect(channel.stats?.().retries?.tokens).toBe(6);
    await readAll(client.download({ value: 0 }));
    expect(channel.stats?.().retries?.tokens).toBe(6.25);
  });
});

describe("what else a method's config says", () => {
  test("limits of messages, under a retry policy and without", async () => {
    for (const retryPolicy of [undefined, RETRY]) {
      const { client } = await setUp(
        { greet: ({ value }) => ({ value: value.repeat(10) }) },
        {
          maxRequestMessageBytes: 10,
          maxResponseMessageBytes: 50,
          ...(retryPolicy === undefined ? {} : { retryPolicy }),
        },
      );
      expect((await client.greet({ value: "abc" })).value).toHaveLength(30);
      const request = await rejection(client.greet({ value: "abcdefghi" }));
      expect(request.code).toBe(status.RESOURCE_EXHAUSTED);
      expect(request.details).toBe(
        "the message has 11 bytes; the limit is 10 bytes (maxRequestMessageBytes of the service config)",
      );
      const response = await rejection(client.greet({ value: "abcdef" }));
      expect(response.code).toBe(status.RESOURCE_EXHAUSTED);
      expect(response.details).toBe(
        "received a message of 62 bytes; the limit is 50 bytes (maxResponseMessageBytes of the service config)",
      );
    }
  });

  test("a compressed response is measured by its inflated size", async () => {
    const { client } = await setUp({ greet: () => ({ value: "x".repeat(10_000) }) }, { maxResponseMessageBytes: 5000 });
    expect((await rejection(client.greet({ value: "" }, { compression: "gzip" }))).code).toBe(
      status.RESOURCE_EXHAUSTED,
    );
  });

  test("waitForReady, unless the caller says otherwise", async () => {
    const first = await setUp({ greet: () => ({}) });
    await first.server.shutdown();
    const client = new TrialClient(connectWith(first.port, { name: SERVICE, waitForReady: true }));
    expect((await rejection(client.greet({ value: "" }, { waitForReady: false }))).code).toBe(status.UNAVAILABLE);
    const error = await rejection(client.greet({ value: "" }, { timeoutMs: 200 }));
    expect(error.code).toBe(status.DEADLINE_EXCEEDED);
  });

  test("a method that the config does not name is as without it", async () => {
    const fail = alwaysFailing();
    const { client } = await setUp(
      { greet: fail },
      { name: [{ service: "contract.v1.Trial", method: "Chat" }], retryPolicy: RETRY },
    );
    expect((await rejection(client.greet({ value: "" }))).details).toBe("not yet (1)");
  });
});

describe("messages", () => {
  test("compressed ones are sent again as they were", async () => {
    const fail = failing(2);
    const { client } = await setUp({
      async upload(call) {
        let sum = 0;
        for await (const { value } of call) for (const byte of value) sum += byte;
        expect(call.metadata.get("grpc-encoding")).toEqual([]);
        fail();
        await call.sendAndClose({ value: sum });
      },
    });
    const call = client.upload({ compression: "gzip" });
    for (let i = 0; i < 10; i++) await call.send({ value: new Uint8Array(1000).fill(1) });
    expect((await call.closeAndRecv()).value).toBe(10_000);
  });

  test("a message that cannot be encoded ends the call, and none is sent again", async () => {
    const { client, channel } = await setUp({ upload: async (call) => call.sendAndClose({}) });
    const call = client.upload();
    const wrong: object = { value: "no bytes" };
    expect((await rejection(call.send(wrong))).code).toBe(status.INTERNAL);
    expect((await call.status).code).toBe(status.INTERNAL);
    expect(channel.stats?.().retries).toMatchObject({ bufferedBytes: 0, retries: 0 });
  });

  test("what is sent between two attempts is sent with the next, and waits where it is much", async () => {
    const fail = failing(1);
    const failed = gate();
    let received = 0;
    const { client } = await setUp(
      {
        async upload(call) {
          if (fail.calls === 0) setImmediate(failed.open);
          fail();
          for await (const { value } of call) received += value.length;
          await call.sendAndClose({ value: received });
        },
      },
      { retryPolicy: { ...RETRY, initialBackoff: "0.3s", maxBackoff: "0.3s" } },
    );
    const call = client.upload({ highWaterMark: 10_000 });
    await call.send({ value: new Uint8Array(100) });
    await failed.promise;
    while (
      fail.calls === 1 &&
      (await Promise.race([call.send({ value: new Uint8Array(1000) }), "waits"])) !== "waits"
    ) {
      await turn();
    }
    expect(fail.calls).toBe(1);
    const { value } = await call.closeAndRecv();
    expect(value).toBe(received);
    expect(received % 1000).toBe(100);
    expect(received).toBeGreaterThan(9000);
  });

  test("more than the call may keep: it goes on, and is not sent again", async () => {
    let uploads = 0;
    const { client, channel } = await setUp(
      {
        async upload(call) {
          uploads++;
          let bytes = 0;
          for await (const { value } of call) bytes += value.length;
          throw new RpcError(status.UNAVAILABLE, `${bytes}`);
        },
      },
      { retryPolicy: RETRY, retries: { bufferBytesPerCall: 10_000 } },
    );
    const call = client.upload();
    for (let i = 0; i < 20; i++) {
      await call.send({ value: new Uint8Array(1000) });
      expect(channel.stats?.().retries?.bufferedBytes).toBeLessThanOrEqual(10_000);
    }
    expect((await rejection(call.closeAndRecv())).details).toBe("20000");
    expect(uploads).toBe(1);
    expect(channel.stats?.().retries).toMatchObject({ overflowed: 1, retries: 0, bufferedBytes: 0 });
  });

  test("more than the channel may keep: those that found room are sent again, the others are not", async () => {
    const fail = failing(3);
    const begun: (() => void)[] = [];
    const { client, channel } = await setUp(
      {
        async greet(request) {
          if (fail.calls < 3)
            await new Promise<void>((resolve) => begun.push(resolve) === 3 && begun.splice(0).map((go) => go()));
          fail();
          return request;
        },
      },
      { retryPolicy: RETRY, retries: { bufferBytes: 2500 } },
    );
    const calls = [1, 2, 3].map(() => client.greet({ value: "x".repeat(1000) }));
    expect(channel.stats?.().retries?.bufferedBytes).toBeGreaterThan(2000);
    const ends = await Promise.allSettled(calls);
    expect(ends.map(({ status: end }) => end).sort()).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(channel.stats?.().retries).toMatchObject({ overflowed: 1, retries: 2, bufferedBytes: 0 });
  });

  test("an empty buffer: nothing is sent again that had a message", async () => {
    const fail = alwaysFailing();
    const { client } = await setUp({ greet: fail }, { retryPolicy: RETRY, retries: { bufferBytesPerCall: 0 } });
    expect((await rejection(client.greet({ value: "" }))).details).toBe("not yet (1)");
  });

  test("the messages of an attempt that failed after its first are delivered once, and no attempt follows", async () => {
    let calls = 0;
    const { client } = await setUp({
      async *download() {
        calls++;
        yield { value: Uint8Array.of(1) };
        yield { value: Uint8Array.of(2) };
        throw new RpcError(status.UNAVAILABLE, "half way");
      },
    });
    const { messages, error } = await readAll(client.download({ value: 0 }));
    expect(messages.map(({ value }) => value[0])).toEqual([1, 2]);
    expect([error?.details, calls]).toEqual(["half way", 1]);
  });
});

test("each further attempt is an event: gen-stubs:call:retry", async () => {
  const fail = failing(2);
  const { client } = await setUp({
    greet() {
      fail();
      return {};
    },
  });
  const seen: unknown[] = [];
  const onRetry = (event: unknown): void => void seen.push(event);
  subscribe("gen-stubs:call:retry", onRetry);
  onTestFinished(() => void unsubscribe("gen-stubs:call:retry", onRetry));
  await client.greet({ value: "" });
  const peer = expect.stringMatching(/^127\.0\.0\.1:\d+$/);
  const method = "/contract.v1.Trial/Greet";
  expect(seen).toEqual([
    { method, peer, attempt: 2, reason: "attempt 1 ended with UNAVAILABLE: not yet (1)" },
    { method, peer, attempt: 3, reason: "attempt 2 ended with UNAVAILABLE: not yet (2)" },
  ]);
});

test("a thousand calls at once, each of which fails twice", async () => {
  const failures = new Map<string, number>();
  const { client, channel } = await setUp({
    greet({ value }) {
      const before = failures.get(value) ?? 0;
      failures.set(value, before + 1);
      if (before < 2) throw new RpcError(status.UNAVAILABLE, "no");
      return { value };
    },
  });
  const values = Array.from({ length: 1000 }, (_, index) => `${index}`);
  const answers = await Promise.all(values.map((value) => client.greet({ value })));
  expect(answers.map(({ value }) => value)).toEqual(values);
  expect(channel.stats?.()).toMatchObject({
    openCalls: 0,
    calls: { started: 1000, succeeded: 1000, failed: 0 },
    retries: { retries: 2000, bufferedBytes: 0 },
  });
  expect(EACH).toHaveLength(4);
});
