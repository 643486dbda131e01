import { once } from "node:events";
import { expect, test } from "vitest";
import { isOfCancel, reportError } from "../../../src/runtime/call/server/report-error.js";
import { RpcError, type ServerCall, status } from "../../../src/runtime/index.js";

const cancelled = new RpcError(status.CANCELLED, "the client has gone");
const named = (name: string): Error => Object.assign(new Error("text"), { name });

test.each<[what: string, error: unknown, why: RpcError | undefined, isOfCancel: boolean]>([
  ["the reason of its signal, thrown again", cancelled, cancelled, true],
  ["an AbortError of what it had given its signal to", named("AbortError"), cancelled, true],
  ["another error in a cancelled call", named("TypeError"), cancelled, false],
  ["a value that only looks like an AbortError", { name: "AbortError" }, cancelled, false],
  ["an AbortError in a call that goes on", named("AbortError"), undefined, false],
  ["undefined, in a call that goes on", undefined, undefined, false],
])("%s", (_, error, why, expected) => {
  expect(isOfCancel(error, why)).toBe(expected);
});

/** Nothing of it is looked at. */
const call = {} as ServerCall;

test("onError hears the error and its call", () => {
  const heard: unknown[] = [];
  reportError(cancelled, (...told) => void heard.push(...told), call);
  expect(heard).toEqual([cancelled, call]);
  expect(heard[1]).toBe(call);
});

test("what onError throws is a warning of the process", async () => {
  const warned = once(process, "warning");
  reportError(
    cancelled,
    () => {
      throw new Error("the log is full");
    },
    call,
  );
  expect((await warned)[0]).toMatchObject({
    name: "GenStubsWarning",
    message: "onError threw: Error: the log is full",
  });
});
