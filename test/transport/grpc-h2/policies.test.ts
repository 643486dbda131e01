import { describe, expect, test } from "vitest";
import { Backoff } from "../../../src/runtime/transport/grpc-h2/client/backoff.js";
import { ResetBudget } from "../../../src/runtime/transport/grpc-h2/client/reset-budget.js";
import { withJitter } from "../../../src/runtime/transport/grpc-h2/server/age-jitter.js";
import { PingPolicy } from "../../../src/runtime/transport/grpc-h2/server/ping-policy.js";

const middle = (): number => 0.5;

describe("backoff (gRPC connection backoff protocol)", () => {
  test("begins at 1 s and grows by 1.6 each time", () => {
    const backoff = new Backoff({});
    const waits = Array.from({ length: 4 }, () => Math.round(backoff.next(middle)));
    expect(waits).toEqual([1000, 1600, 2560, 4096]);
  });

  test("ends at 120 s, whatever was asked before", () => {
    const backoff = new Backoff({});
    for (let i = 0; i < 30; i++) backoff.next(middle);
    expect(backoff.next(middle)).toBe(120_000);
    expect(new Backoff({ initialBackoffMs: 500, maxBackoffMs: 200 }).next(middle)).toBe(200);
    const short = new Backoff({ initialBackoffMs: 100, maxBackoffMs: 150 });
    expect([short.next(middle), short.next(middle), short.next(middle)]).toEqual([100, 150, 150]);
  });

  test("is a fifth more or less by chance", () => {
    expect(new Backoff({}).next(() => 0)).toBeCloseTo(800);
    expect(new Backoff({}).next(() => 1)).toBeCloseTo(1200);
    for (let i = 0; i < 100; i++) {
      const wait = new Backoff({}).next();
      expect(wait).toBeGreaterThanOrEqual(800);
      expect(wait).toBeLessThanOrEqual(1200);
    }
  });

  test("starts over after a connection", () => {
    const backoff = new Backoff({ initialBackoffMs: 10 });
    for (let i = 0; i < 5; i++) backoff.next(middle);
    backoff.reset();
    expect(backoff.next(middle)).toBe(10);
  });
});

describe("resets of a client", () => {
  function spent(budget: ResetBudget): number {
    let count = 0;
    while (budget.spend()) count++;
    return count;
  }

  test("800 at once, then 33 a second, never more than 800", () => {
    let now = 5000;
    const budget = new ResetBudget(() => now);
    expect(spent(budget)).toBe(800);
    now += 1000;
    expect(spent(budget)).toBe(33);
    now += 20;
    expect(spent(budget)).toBe(0);
    now += 20; // 40 ms in all are more than one
    expect(spent(budget)).toBe(1);
    now += 3_600_000;
    expect(spent(budget)).toBe(800);
  });

  test("counts on the monotonic clock of its own accord", () => {
    expect(new ResetBudget().spend()).toBe(true);
  });
});

test("a connection's age is a tenth more or less by chance (gRFC A9)", () => {
  expect([0, 0.5, 1].map((chance) => Math.round(withJitter(1000, () => chance)))).toEqual([900, 1000, 1100]);
  const ages = Array.from({ length: 200 }, () => withJitter(1000));
  expect(new Set(ages).size).toBeGreaterThan(1);
  expect(withJitter(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
});

describe("pings of a client (gRFC A8)", () => {
  test("the third too early is one too many", () => {
    let now = 0;
    const policy = new PingPolicy(100, () => now);
    expect(policy.isTooMany(false)).toBe(false); // the first is never early
    for (const [after, tooMany] of [
      [99, false],
      [99, false],
      [99, true],
    ] as const) {
      now += after;
      expect(policy.isTooMany(false)).toBe(tooMany);
    }
  });

  test("one in time is no strike, and takes none back", () => {
    let now = 0;
    const policy = new PingPolicy(100, () => now);
    const seen = [0, 50, 100, 50, 100, 50].map((after) => {
      now += after;
      return policy.isTooMany(false);
    });
    expect(seen).toEqual([false, false, false, false, false, true]);
  });

  test("one behind something that was sent is free, and forgives", () => {
    let now = 0;
    const policy = new PingPolicy(100, () => now);
    for (let i = 0; i < 50; i++) expect(policy.isTooMany(true)).toBe(false);
    expect([false, false, true, false, false, false].map((sent) => policy.isTooMany(sent))).toEqual(
      Array.from({ length: 5 }, () => false).concat(true),
    );
    now += 100;
    expect(policy.isTooMany(true)).toBe(false);
    expect(new PingPolicy(100).isTooMany(false)).toBe(false);
  });
});
