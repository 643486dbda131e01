import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { type AnyMethod, callUnary, unary } from "../../../src/runtime/codegen-v1.js";
import { Metadata, type Method, RpcError, type ServerCall, status } from "../../../src/runtime/index.js";
import { rejection } from "../../contract/harness/harness.js";
import { trial } from "../../contract/harness/trial-service.js";
import { EACH, SERVICE, setUp, until } from "./setting.js";

const AT_ONCE = { maxAttempts: 3, hedgingDelay: "0s", nonFatalStatusCodes: ["UNAVAILABLE"] };
const NEVER = { ...AT_ONCE, hedgingDelay: "100s" };

/** Which attempt a handler has before it, from 0 on. */
function attemptOf(call: ServerCall): number {
  return Number(call.metadata.get("grpc-previous-rpc-attempts")[0] ?? 0);
}

/** A handler's wait that only a cancel ends. */
async function hang({ signal }: ServerCall, cancelled: number[], attempt: number): Promise<never> {
  await once(signal, "abort");
  cancelled.push(attempt);
  throw new RpcError(status.CANCELLED, "hung");
}

describe("the first answer is the call's, and the others are cancelled", () => {
  test("unary", async () => {
    const cancelled: number[] = [];
    const { client, channel } = await setUp(
      {
        greet({ value }, call) {
          const attempt = attemptOf(call);
          return attempt === 1 ? { value: `${value} by ${attempt}` } : hang(call, cancelled, attempt);
        },
      },
      { hedgingPolicy: AT_ONCE },
    );
    expect((await client.greet({ value: "hello" })).value).toBe("hello by 1");
    await until(() => cancelled.length === 2);
    expect(cancelled.sort()).toEqual([0, 2]);
    expect(channel.stats?.()).toMatchObject({
      openCalls: 0,
      calls: { started: 1, succeeded: 1, failed: 0 },
      retries: { hedges: 2, retries: 0, bufferedBytes: 0 },
    });
  });

  test("server streaming", async () => {
    const cancelled: number[] = [];
    const { client } = await setUp(
      {
        async *download({ value }, call) {
          const attempt = attemptOf(call);
          if (attempt !== 2) await hang(call, cancelled, attempt);
          for (let i = 0; i < value; i++) yield { value: Uint8Array.of(attempt, i) };
        },
      },
      { hedgingPolicy: AT_ONCE },
    );
    const seen: number[][] = [];
    for await (const { value } of client.download({ value: 3 })) seen.push([...value]);
    expect(seen).toEqual([0, 1, 2].map((index) => [2, index]));
    await until(() => cancelled.length === 2);
  });

  test("client streaming: every attempt is sent every message", async () => {
    const received: number[] = [];
    const cancelled: number[] = [];
    const { client } = await setUp(
      {
        async upload(call) {
          const attempt = attemptOf(call);
          let bytes = 0;
          for await (const { value } of call) bytes += value.length;
          received[attempt] = bytes;
          if (attempt !== 0) await hang(call, cancelled, attempt);
          await until(() => received.filter((one) => one === 5000).length === 3);
          await call.sendAndClose({ value: bytes });
        },
      },
      { hedgingPolicy: AT_ONCE },
    );
    const call = client.upload();
    for (let i = 0; i < 50; i++) expect(await call.send({ value: new Uint8Array(100) })).toBe(true);
    expect((await call.closeAndRecv()).value).toBe(5000);
    expect(received).toEqual([5000, 5000, 5000]);
    await until(() => cancelled.length === 2);
  });

  test("bidi", async () => {
    const cancelled: number[] = [];
    const { client } = await setUp(
      {
        async *chat(call) {
          const attempt = attemptOf(call);
          for await (const { value } of call) {
            if (attempt !== 1) await hang(call, cancelled, attempt);
            yield { value: `${value} ${attempt}` };
          }
        },
      },
      { hedgingPolicy: AT_ONCE },
    );
    const call = client.chat();
    await call.send({ value: "a" });
    expect((await call.recv())?.value).toBe("a 1");
    await call.send({ value: "b" });
    expect((await call.recv())?.value).toBe("b 1");
    await call.closeSend();
    expect(await call.recv()).toBeUndefined();
    await until(() => cancelled.length === 2);
  });
});

describe("when further attempts are sent", () => {
  test("after the delay, while nobody answers", async () => {
    const seen: number[] = [];
    const { client } = await setUp(
      {
        greet(_, call) {
          const attempt = attemptOf(call);
          seen.push(attempt);
          return attempt < 2 ? hang(call, [], attempt) : { value: `${attempt}` };
        },
      },
      { hedgingPolicy: { ...AT_ONCE, maxAttempts: 5, hedgingDelay: "0.03s" } },
    );
    expect((await client.greet({ value: "" })).value).toBe("2");
    expect(seen).toEqual([0, 1, 2]);
  });

  test("not where the first answers within the delay", async () => {
    let calls = 0;
    const { client, channel } = await setUp({ greet: () => ({ value: `${++calls}` }) }, { hedgingPolicy: NEVER });
    for (let i = 1; i <= 5; i++) expect((await client.greet({ value: "" })).value).toBe(`${i}`);
    expect(channel.stats?.().retries?.hedges).toBe(0);
  });

  test("at once after a code that is not fatal", async () => {
    const { client } = await setUp(
      {
        greet(_, call) {
          if (attemptOf(call) < 2) throw new RpcError(status.UNAVAILABLE, "no");
          return { value: "third" };
        },
      },
      { hedgingPolicy: NEVER },
    );
    expect((await client.greet({ value: "" })).value).toBe("third");
  });

  test("a fatal code ends the call and cancels the others", async () => {
    const cancelled: number[] = [];
    const { client, channel } = await setUp(
      {
        greet(_, call) {
          const attempt = attemptOf(call);
          if (attempt === 2) throw new RpcError(status.INVALID_ARGUMENT, "never");
          return hang(call, cancelled, attempt);
        },
      },
      { hedgingPolicy: AT_ONCE },
    );
    expect((await rejection(client.greet({ value: "" }))).details).toBe("never");
    await until(() => cancelled.length === 2);
    expect(channel.stats?.()).toMatchObject({ openCalls: 0, calls: { started: 1, succeeded: 0, failed: 1 } });
  });

  test("all fail: the last failure is the call's", async () => {
    let calls = 0;
    const { client } = await setUp(
      {
        greet() {
          throw new RpcError(status.UNAVAILABLE, `${++calls}`);
        },
      },
      { hedgingPolicy: NEVER },
    );
    expect((await rejection(client.greet({ value: "" }))).details).toBe("3");
  });

  test("a pushback not to retry: the others that are open go on", async () => {
    const metadata = new Metadata();
    metadata.set("grpc-retry-pushback-ms", "-1");
    let calls = 0;
    const { client } = await setUp(
      {
        async greet(_, call) {
          calls++;
          if (attemptOf(call) === 0) {
            await until(() => calls === 2);
            throw new RpcError(status.UNAVAILABLE, "no more", { metadata });
          }
          await new Promise((resolve) => setTimeout(resolve, 100));
          return { value: "late" };
        },
      },
      { hedgingPolicy: { ...AT_ONCE, hedgingDelay: "0.05s" } },
    );
    expect((await client.greet({ value: "" })).value).toBe("late");
    expect(calls).toBe(2);
  });

  test("the deadline spans all", async () => {
    const { client } = await setUp(
      { greet: (_, call) => hang(call, [], 0) },
      { hedgingPolicy: { ...AT_ONCE, hedgingDelay: "0.05s", nonFatalStatusCodes: ["DEADLINE_EXCEEDED"] } },
    );
    expect((await rejection(client.greet({ value: "" }, { timeoutMs: 180 }))).code).toBe(status.DEADLINE_EXCEEDED);
  });

  test("tokens that are gone: the first attempt alone", async () => {
    let calls = 0;
    const { client, channel } = await setUp(
      {
        greet() {
          throw new RpcError(status.UNAVAILABLE, `${++calls}`);
        },
      },
      { hedgingPolicy: NEVER, throttling: { maxTokens: 2, tokenRatio: 0.1 } },
    );
    await rejection(client.greet({ value: "" }));
    expect(calls).toBe(1);
    expect(channel.stats?.().retries).toMatchObject({ throttled: 1, hedges: 0, tokens: 1 });
  });
});

test("more than may be kept: one attempt goes on, the others are cancelled", async () => {
  const cancelled: number[] = [];
  let begun = 0;
  const { client, channel } = await setUp(
    {
      async upload(call) {
        let bytes = 0;
        begun++;
        call.signal.addEventListener("abort", () => cancelled.push(attemptOf(call)));
        for await (const { value } of call) bytes += value.length;
        await call.sendAndClose({ value: bytes });
      },
    },
    { hedgingPolicy: AT_ONCE, retries: { bufferBytesPerCall: 10_000 } },
  );
  const call = client.upload();
  await until(() => begun === 3);
  for (let i = 0; i < 50; i++) await call.send({ value: new Uint8Array(1000) });
  expect((await call.closeAndRecv()).value).toBe(50_000);
  await until(() => cancelled.length === 2);
  expect(channel.stats?.().retries).toMatchObject({ overflowed: 1, bufferedBytes: 0 });
});

describe("idempotency_level (google.protobuf.MethodOptions)", () => {
  type Greet = Method<"unary", { value: string }, { value: string }, { value: string }, { value: string }>;
  const marked = (idempotency: number | "idempotent"): Greet =>
    idempotency === "idempotent"
      ? (unary(trial.greet.path, trial.greet.request, trial.greet.response, idempotency) as AnyMethod as Greet)
      : ({
          ...trial.greet,
          descriptor: { kind: "rpc", name: "Greet", localName: "greet", idempotency },
        } as AnyMethod as Greet);

  test.each<[level: string, idempotency: number | "idempotent" | undefined, name: readonly object[], calls: number]>([
    ["IDEMPOTENCY_UNKNOWN", 0, SERVICE, 1],
    ["NO_SIDE_EFFECTS", 1, SERVICE, 3],
    ["IDEMPOTENT", 2, SERVICE, 3],
    ["none, as with ts-proto", undefined, SERVICE, 1],
    ["IDEMPOTENT", 2, [{}], 3],
    ["IDEMPOTENCY_UNKNOWN", 0, [{}], 1],
    ["IDEMPOTENT, as with ts-proto", "idempotent", SERVICE, 3],
    ["IDEMPOTENCY_UNKNOWN", 0, EACH, 3],
    ["none, as with ts-proto", undefined, EACH, 3],
  ])("%s (%s), a policy for %j: %d attempts", async (_, idempotency, name, calls) => {
    let seen = 0;
    const { channel } = await setUp(
      {
        greet() {
          seen++;
          throw new RpcError(status.UNAVAILABLE, "no");
        },
      },
      { name, hedgingPolicy: AT_ONCE },
    );
    const method = idempotency === undefined ? trial.greet : marked(idempotency);
    await rejection(callUnary(channel, method as Greet, { value: "" }));
    await until(() => seen >= calls);
    expect(seen).toBe(calls);
  });
});
