import { expect, test } from "vitest";
import { runHandler } from "../../../src/runtime/call/server/run-handler.js";

const boom = new Error("boom");
const fail = () => {
  throw boom;
};

/** What is told of a handler: by the time it was called, and in the end. */
async function run(handler: () => unknown): Promise<{ readonly atOnce: unknown[]; readonly told: unknown[] }> {
  const told: unknown[] = [];
  runHandler({
    callHandler: handler,
    handlerReturned: (outcome) => told.push(["returned", outcome]),
    handlerThrew: (error) => told.push(["threw", error]),
  });
  const atOnce = [...told];
  await new Promise((resolve) => setImmediate(resolve));
  return { atOnce, told };
}

/** An object with a `then` of its own. */
const thenable = (then: unknown): unknown => withThen({ value: then });

function withThen(then: PropertyDescriptor): unknown {
  // biome-ignore lint/suspicious/noThenProperty: what has one is what is tested
  return Object.defineProperty({}, "then", then);
}

test.each<[what: string, handler: () => unknown, outcome: unknown]>([
  ["nothing", () => undefined, undefined],
  ["null", () => null, null],
  ["a message", () => "a message", "a message"],
  ["an object whose `then` is no function", () => thenable(1), thenable(1)],
])("%s is told at once", async (_, handler, outcome) => {
  const { atOnce, told } = await run(handler);
  expect(atOnce).toEqual([["returned", outcome]]);
  expect(told).toEqual(atOnce);
});

test("what is thrown is told at once", async () => {
  const { atOnce, told } = await run(fail);
  expect(atOnce).toEqual([["threw", boom]]);
  expect(told).toEqual(atOnce);
});

test.each<[what: string, handler: () => unknown, told: unknown]>([
  ["a promise", async () => "a message", ["returned", "a message"]],
  ["a promise that rejects", () => Promise.reject(boom), ["threw", boom]],
  [
    "a promise of another library",
    () => thenable((resolve: (value: string) => void) => resolve("a message")),
    ["returned", "a message"],
  ],
])("%s is told of once it settles", async (_, handler, outcome) => {
  const { told } = await run(handler);
  expect(told).toEqual([outcome]);
});

test.each<[what: string, handler: () => unknown, told: unknown]>([
  ["whose `then` cannot be read", () => withThen({ get: fail }), ["threw", boom]],
  ["whose `then` throws", () => thenable(fail), ["threw", boom]],
  [
    "that settles twice",
    () =>
      thenable((resolve: (value: string) => void, reject: (error: unknown) => void) => {
        resolve("a message");
        reject(boom);
        resolve("another");
      }),
    ["returned", "a message"],
  ],
])("a promise of another library %s is told of once", async (_, handler, outcome) => {
  const { told } = await run(handler);
  expect(told).toEqual([outcome]);
});
