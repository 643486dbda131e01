import fc from "fast-check";
import { expect, test } from "vitest";
import { MessageQueue } from "../../src/runtime/wire/message-queue.js";

/** A queue and what it told its source. */
function queue() {
  const told: string[] = [];
  const messages = new MessageQueue<number>();
  messages.source = { pause: () => told.push("pause"), resume: () => told.push("resume") };
  return { messages, told };
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
  expect(await messages.nextBatch()).toEqual({ done: false, value: [2, 3] });
  expect(await messages.next()).toEqual({ done: false, value: 4 });
});

test("an end comes behind what waits, and again to who asks again", async () => {
  const { messages } = queue();
  messages.push([1]);
  messages.end();
  messages.push([2]);
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

test("the source is paused when batches pile up, and resumed when the last one is read", async () => {
  const { messages, told } = queue();
  for (let i = 0; i < 10; i++) messages.push([i]);
  expect(told).toEqual(["pause"]);
  for (let i = 0; i < 8; i++) await messages.recv();
  expect(told).toEqual(["pause"]);
  await messages.recv();
  expect(told).toEqual(["pause", "resume"]);
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
