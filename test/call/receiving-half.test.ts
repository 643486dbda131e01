import fc from "fast-check";
import { expect, test } from "vitest";
import { ReceivingHalf } from "../../src/runtime/call/receiving-half.js";
import { RpcError, status } from "../../src/runtime/index.js";
import { collectGarbage } from "../support/collect-garbage.js";

/** A half whose messages are numbers that a test pushes; NaN stands for bytes that are no message. */
function queue() {
  const told: string[] = [];
  const waiting: number[] = [];
  const half: ReceivingHalf<number> = new ReceivingHalf<number>({
    receiveFailed: (error) => told.push(error.details),
    caughtUp: () => told.push("caught up"),
  });
  half.source = {
    get waiting() {
      return waiting.length;
    },
    next() {
      const value = waiting.shift() as number; // asked for only while one waits
      if (!Number.isNaN(value)) return value;
      waiting.length = 0;
      throw new RpcError(status.INTERNAL, "no message");
    },
    drop: () => void waiting.splice(0),
  };
  const messages = {
    push(batch: number[]) {
      waiting.push(...batch);
      half.onReadable();
    },
    recv: () => half.recv(),
    next: () => half.next(),
    nextBatch: () => half.nextBatch(),
    end: () => half.end(),
    fail: (error: () => unknown) => half.fail(error),
  };
  return { messages, told, waiting };
}

test("messages go to takers in order of asking, whatever they asked for", async () => {
  const { messages } = queue();
  const asked = [messages.recv(), messages.next(), messages.nextBatch()] as const;
  messages.push([1, 2, 3, 4]);
  expect(await asked[0]).toBe(1);
  expect(await asked[1]).toEqual({ done: false, value: 2 });
  expect(await asked[2]).toEqual({ done: false, value: [3, 4] });
});

test("recv, next and nextBatch share one queue", async () => {
  const { messages } = queue();
  messages.push([1, 2, 3]);
  messages.push([4]);
  expect(await messages.recv()).toBe(1);
  expect(await messages.next()).toEqual({ done: false, value: 2 });
  expect(await messages.nextBatch()).toEqual({ done: false, value: [3, 4] });
});

/** Whether the last of three messages is gone from memory once a reader has had them all, in the order of its steps. */
async function isLetGo(steps: readonly ("arrive" | "ask")[]): Promise<boolean> {
  const waiting: object[] = [];
  const half = new ReceivingHalf<object>({ receiveFailed() {}, caughtUp() {} });
  half.source = {
    get waiting() {
      return waiting.length;
    },
    lastSize: 1,
    next: () => waiting.shift() as object, // asked for only while one waits
    drop() {},
  };
  const refs: WeakRef<object>[] = [];
  const asked: Promise<unknown>[] = [];
  const act = {
    arrive() {
      waiting.push({}, {}, {});
      refs.push(...waiting.map((message) => new WeakRef(message)));
      half.onReadable();
    },
    ask: () => void asked.push(half.recv(), half.recv(), half.recv()),
  };
  for (const step of steps) act[step]();
  await Promise.all(asked).then(() => asked.splice(0));
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  return refs.length === 3 && refs[2]?.deref() === undefined;
}

test.each([[["arrive", "ask"]], [["ask", "arrive"]]] as const)(
  "a stream that waits for more does not keep what its reader has had: %j",
  async (steps) => {
    expect(await isLetGo(steps)).toBe(true);
  },
);

test("an end comes behind what waits, and again to who asks again", async () => {
  const { messages } = queue();
  messages.push([1]);
  messages.end();
  expect(await messages.recv()).toBe(1);
  expect(await messages.recv()).toBeUndefined();
  expect(await messages.next()).toEqual({ done: true, value: undefined });
  expect(await messages.nextBatch()).toEqual({ done: true, value: undefined });
});

test("a failure comes behind what waits, and again to who asks again", async () => {
  const { messages } = queue();
  const boom = new Error("boom");
  messages.push([1]);
  messages.fail(() => boom);
  expect(await messages.recv()).toBe(1);
  await expect(messages.recv()).rejects.toBe(boom);
  await expect(messages.next()).rejects.toBe(boom);
});

test("takers that wait hear of the end", async () => {
  const { messages } = queue();
  const [received, next] = [messages.recv(), messages.next()];
  messages.end();
  expect(await received).toBeUndefined();
  expect(await next).toEqual({ done: true, value: undefined });
});

test("what nobody asks for stays where it is, as bytes", async () => {
  const { messages, waiting, told } = queue();
  messages.push([1, 2, 3]);
  expect(waiting).toEqual([1, 2, 3]);
  await messages.recv();
  expect(waiting).toEqual([2, 3]);
  expect(told).toEqual([]);
  await messages.nextBatch();
  expect(told).toEqual(["caught up"]);
});

test("a batch has a bound: what waits is not decoded all at once", async () => {
  const { messages } = queue();
  messages.push(Array.from({ length: 5_000 }, (_, i) => i));
  const sizes = [await messages.nextBatch(), await messages.nextBatch()].map(({ value }) => value?.length);
  expect(sizes).toEqual([4_096, 904]);
});

for (const end of ["open", "ended", "failed"] as const) {
  test(`what is no message fails who asks for it, behind what was whole (${end})`, async () => {
    const { messages, told } = queue();
    messages.push([1, Number.NaN, 3]);
    if (end === "ended") messages.end();
    if (end === "failed") messages.fail(() => new Error("the call's own"));
    expect(await messages.recv()).toBe(1);
    const error = end === "failed" ? "the call's own" : "no message";
    await expect(messages.recv()).rejects.toThrow(error);
    await expect(messages.next()).rejects.toThrow(error);
    expect(told).toEqual(["no message"]);
  });
}

test("a batch ends before what is no message, and the next one fails", async () => {
  const { messages } = queue();
  messages.push([1, 2, Number.NaN]);
  const { value } = await messages.nextBatch();
  expect(value).toStrictEqual([1, 2]);
  expect(value).toHaveLength(2);
  await expect(messages.nextBatch()).rejects.toThrow("no message");
});

test("what is no message fails who waits for it", async () => {
  const { messages } = queue();
  const waits = messages.recv();
  messages.push([Number.NaN]);
  await expect(waits).rejects.toThrow("no message");
});

test("whatever the order of pushing and asking, nothing is lost, doubled or reordered", async () => {
  const step = fc.oneof(
    fc.record({ push: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ take: fc.constantFrom("recv", "next", "nextBatch") }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { messages } = queue();
      const taken: Promise<number[]>[] = [];
      let pushed = 0;
      for (const one of steps) {
        if ("push" in one) messages.push(Array.from({ length: one.push }, () => pushed++));
        else if (one.take === "recv") taken.push(messages.recv().then((value) => (value === undefined ? [] : [value])));
        else if (one.take === "next") taken.push(messages.next().then((r) => (r.done === true ? [] : [r.value])));
        else taken.push(messages.nextBatch().then((r) => (r.done === true ? [] : r.value)));
      }
      messages.end();
      const got = (await Promise.all(taken)).flat();
      for (let rest = await messages.recv(); rest !== undefined; rest = await messages.recv()) got.push(rest);
      expect(got).toEqual(Array.from({ length: pushed }, (_, i) => i));
    }),
  );
});

test.each([
  ["not known: none", undefined, 100, 0],
  ["small: up to 32", 20, 100, 32],
  ["of 1 KiB: up to 16 KiB, with the one that was asked for", 1024, 100, 15],
  ["of 9,000 bytes: until 16 KiB are reached", 9_000, 100, 1],
  ["of 16 KiB: none", 16 * 1024, 100, 0],
  ["no more than wait", 20, 3, 2],
])("who asks for one message has further ones decoded; their size is %s", async (_, lastSize, count, ahead) => {
  const half: ReceivingHalf<number> = new ReceivingHalf<number>({ receiveFailed: () => {}, caughtUp: () => {} });
  let taken = 0;
  half.source = {
    get waiting() {
      return count - taken;
    },
    next: () => taken++,
    lastSize,
    drop: () => {},
  };
  expect(await half.recv()).toBe(0);
  expect(taken).toBe(1 + ahead);
  for (let i = 1; i <= ahead; i++) expect(await half.recv()).toBe(i);
  expect(taken).toBe(1 + ahead);
  if (taken < count) expect(await half.recv()).toBe(1 + ahead);
});
