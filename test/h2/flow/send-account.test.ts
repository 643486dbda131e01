import { beforeEach, expect, test } from "vitest";
import * as ErrorCode from "../../../src/runtime/h2/error-code.js";
import { SendAccount } from "../../../src/runtime/h2/flow/send-account.js";
import { EngineStream, type StreamOwner } from "../../../src/runtime/h2/streams/engine-stream.js";
import type { StreamHandler } from "../../../src/runtime/h2/streams/stream.js";

const MAX = 0x7fff_ffff;

let earned: number[];
let account: SendAccount;

function stream(window: number): EngineStream {
  // Neither is asked for anything here.
  return new EngineStream(1, {} as StreamOwner, {} as StreamHandler, window, 0);
}

beforeEach(() => {
  earned = [];
  account = new SendAccount({ earnControls: (bytes) => void earned.push(bytes) });
});

test.each([
  [10, 10],
  [65_535, 65_535],
  [65_536, 65_535],
  [0, 0],
  [-5, -5],
])("a stream with a window of %i may send %i bytes at first", (window, allowed) => {
  expect(account.allows(stream(window))).toBe(allowed);
});

test("what is sent is paid from both windows, counted, and may be answered", () => {
  const one = stream(100_000);
  expect(account.pay(one, 65_534)).toBe(true);
  expect([account.allows(one), one.sendWindow, account.open]).toEqual([1, 34_466, true]);
  expect(account.pay(one, 2)).toBe(false);
  expect(account.pay(one, 1)).toBe(true);
  expect([account.allows(one), account.open, account.frames]).toEqual([0, false, 2]);
  expect(account.pay(one, 1)).toBe(false);
  const small = stream(0);
  expect([account.pay(small, 1), account.pay(small, 0)]).toEqual([false, true]);
  expect(earned).toEqual([65_534, 1, 0]);
});

test("the connection's window grows to 2^31-1 and no further", () => {
  account.widen(MAX - 65_535);
  expect(account.allows(stream(MAX))).toBe(MAX);
  expect(() => account.widen(1)).toThrow(
    expect.objectContaining({ code: ErrorCode.FLOW_CONTROL_ERROR, message: "the connection's window exceeds 2^31-1" }),
  );
});

test("a stream's too, which is a fault of that stream alone", () => {
  const one = stream(MAX - 1);
  expect([account.widenStream(one, 1), one.sendWindow]).toEqual([true, MAX]);
  expect([account.widenStream(one, 1), one.sendWindow]).toEqual([false, MAX]);
});

test("a changed initial window moves it below zero, and over 2^31-1 is a fault of the connection", () => {
  const one = stream(10);
  account.shift(one, -20);
  expect(one.sendWindow).toBe(-10);
  account.shift(one, 20);
  expect(one.sendWindow).toBe(10);
  expect(() => account.shift(one, MAX)).toThrow("a stream's window exceeds 2^31-1");
});
