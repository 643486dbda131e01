import { expect, test } from "vitest";
import { HookChain } from "../../../src/runtime/call/client/hook-chain.js";
import { singleAnswer } from "../../../src/runtime/call/client/single-answer.js";
import { Metadata } from "../../../src/runtime/index.js";

/** Hooks that append their name to what they see. */
const naming = (name: string) => ({
  sent: (message: unknown) => `${String(message)} ${name}`,
  received: (message: unknown) => `${String(message)} ${name}`,
});

function chainOf(...hooks: Parameters<HookChain<string>["add"]>[0][]): HookChain<string> {
  const chain = new HookChain<string>();
  for (const one of hooks) chain.add(one);
  return chain;
}

test("the outermost is first with what is sent, and last with what comes back", () => {
  const chain = chainOf(naming("outer"), naming("inner"));
  chain.received.source = singleAnswer("back:");
  expect(chain.sent("out:")).toBe("out: outer inner");
  expect(chain.received.next()).toBe("back: inner outer");
});

test("a hook that returns nothing, or is not there, leaves a message as it is", () => {
  const chain = chainOf({}, { sent: () => undefined, received: () => undefined });
  chain.received.source = singleAnswer("back");
  expect(chain.sent("out")).toBe("out");
  expect(chain.received.next()).toBe("back");
});

test("headers are seen from the inside out", () => {
  const seen: unknown[] = [];
  const header = new Metadata();
  const seeing = (name: string) => ({ header: (given: Metadata) => void seen.push([name, given === header]) });
  chainOf(seeing("outer"), {}, seeing("inner")).header(header);
  expect(seen).toEqual([
    ["inner", true],
    ["outer", true],
  ]);
});

test("messages are counted, those that wait too", () => {
  const chain = chainOf();
  expect(chain.counts).toEqual({ sent: 0, received: 0 });
  chain.sent("one");
  chain.sent("two");
  chain.received.source = singleAnswer("back");
  expect(chain.counts).toEqual({ sent: 2, received: 1 });
  chain.received.next();
  expect(chain.counts).toEqual({ sent: 2, received: 1 });
});

test("what a hook throws is thrown", () => {
  const fail = () => {
    throw new Error("boom");
  };
  const chain = chainOf({ sent: fail, header: fail });
  expect(() => chain.sent("out")).toThrow("boom");
  expect(() => chain.header(new Metadata())).toThrow("boom");
});

test("an interceptor's answer is there once, and not once it was dropped", () => {
  const [taken, dropped] = [singleAnswer("back"), singleAnswer("back")];
  expect([taken.waiting, taken.next(), taken.waiting]).toEqual([1, "back", 0]);
  dropped.drop();
  expect(dropped.waiting).toBe(0);
});
