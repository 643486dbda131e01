import { describe, expect, test } from "vitest";
import { RetryThrottle, retryLimits } from "../../../src/runtime/channel/retry/index.js";
import { pushbackOf } from "../../../src/runtime/channel/retry/pushback.js";
import { BufferPool, RequestBuffer } from "../../../src/runtime/channel/retry/request-buffer.js";
import { RetryBackoff } from "../../../src/runtime/channel/retry/retry-backoff.js";
import type { ParsedRetryPolicy } from "../../../src/runtime/channel/service-config/index.js";
import { Metadata } from "../../../src/runtime/core/metadata.js";

describe("the waits (gRFC A6, Exponential Backoff)", () => {
  const policy = (initialBackoffMs: number, maxBackoffMs: number, backoffMultiplier: number): ParsedRetryPolicy => ({
    maxAttempts: 9,
    initialBackoffMs,
    maxBackoffMs,
    backoffMultiplier,
    retryableStatusCodes: new Set(),
  });
  const middle = () => 0.5;

  test.each<[initial: number, max: number, multiplier: number, waits: number[]]>([
    [100, 1000, 2, [100, 200, 400, 800, 1000, 1000]],
    [1000, 1000, 1, [1000, 1000, 1000]],
    [100, 50, 2, [50, 50, 50]],
    [100, 1000, 0.5, [100, 50, 25]],
    [10, 5000, 1.6, [10, 16, 25.6, 40.96]],
  ])("from %d up to %d by %d", (initial, max, multiplier, waits) => {
    const backoff = new RetryBackoff(policy(initial, max, multiplier));
    for (const wait of waits) expect(backoff.next(middle)).toBeCloseTo(wait, 6);
  });

  test("a fifth shorter or longer", () => {
    expect(new RetryBackoff(policy(100, 1000, 2)).next(() => 0)).toBeCloseTo(80, 6);
    expect(new RetryBackoff(policy(100, 1000, 2)).next(() => 1)).toBeCloseTo(120, 6);
    const waits = Array.from({ length: 1000 }, () => new RetryBackoff(policy(100, 1000, 2)).next());
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(80);
    expect(Math.max(...waits)).toBeLessThanOrEqual(120);
    expect(new Set(waits).size).toBeGreaterThan(900);
  });

  test("after a pushback they begin anew", () => {
    const backoff = new RetryBackoff(policy(100, 1000, 2));
    backoff.next(middle);
    backoff.next(middle);
    backoff.reset();
    expect([backoff.next(middle), backoff.next(middle)]).toEqual([100, 200]);
  });
});

describe("grpc-retry-pushback-ms", () => {
  test.each<[values: string[], expected: number | "never" | undefined]>([
    [[], undefined],
    [["0"], 0],
    [["1000"], 1000],
    [["2147483647"], 2_147_483_647],
    [["2147483648"], "never"],
    [["99999999999"], "never"],
    [["-1"], "never"],
    [["-0"], "never"],
    [["01"], "never"],
    [["+1"], "never"],
    [["1.5"], "never"],
    [["1e3"], "never"],
    [[""], "never"],
    [["soon"], "never"],
    [[" 1"], "never"],
    [["10", "20"], "never"],
  ])("%j", (values, expected) => {
    const trailers = new Metadata();
    for (const value of values) trailers.add("grpc-retry-pushback-ms", value);
    expect(pushbackOf(trailers)).toBe(expected);
  });

  test("other trailers say nothing", () => {
    const trailers = new Metadata();
    trailers.set("x", "1");
    expect(pushbackOf(trailers)).toBeUndefined();
  });
});

describe("tokens (gRFC A6, Throttling)", () => {
  const throttle = (maxTokens: number, tokenRatio: number): RetryThrottle => {
    const made = new RetryThrottle();
    made.rule = { maxMilliTokens: maxTokens * 1000, milliTokenRatio: tokenRatio * 1000 };
    return made;
  };

  test("begins full, and stops at half", () => {
    const tokens = throttle(10, 0.1);
    for (let left = 9; left >= 6; left--) {
      tokens.failed();
      expect([tokens.tokens, tokens.allows]).toEqual([left, true]);
    }
    tokens.failed();
    expect([tokens.tokens, tokens.allows]).toEqual([5, false]);
  });

  test("a success brings the ratio back, and never more than the most", () => {
    const tokens = throttle(4, 0.1);
    tokens.succeeded();
    expect(tokens.tokens).toBe(4);
    tokens.failed();
    tokens.failed();
    expect(tokens.allows).toBe(false);
    tokens.succeeded();
    expect([tokens.tokens, tokens.allows]).toEqual([2.1, true]);
    for (let i = 0; i < 100; i++) tokens.succeeded();
    expect(tokens.tokens).toBe(4);
  });

  test("a thousand small ratios are what they should be", () => {
    const tokens = throttle(1000, 0.001);
    for (let i = 0; i < 500; i++) tokens.failed();
    for (let i = 0; i < 1000; i++) tokens.succeeded();
    expect(tokens.tokens).toBe(501);
  });

  test("never less than none", () => {
    const tokens = throttle(2, 1);
    for (let i = 0; i < 10; i++) tokens.failed();
    expect(tokens.tokens).toBe(0);
  });

  test("one token of one: nothing is sent again after the first failure", () => {
    const tokens = throttle(1, 1);
    expect(tokens.allows).toBe(true);
    tokens.failed();
    expect(tokens.allows).toBe(false);
  });

  test("without a rule nothing is counted, and everything allowed", () => {
    const tokens = new RetryThrottle();
    for (let i = 0; i < 10; i++) tokens.failed();
    for (let i = 0; i < 10; i++) tokens.succeeded();
    expect([tokens.active, tokens.tokens, tokens.allows]).toEqual([false, undefined, true]);
    expect(throttle(1, 1).active).toBe(true);
  });

  test("another rule keeps the part that is left", () => {
    const tokens = throttle(10, 0.1);
    for (let i = 0; i < 6; i++) tokens.failed();
    tokens.rule = { maxMilliTokens: 100_000, milliTokenRatio: 100 };
    expect([tokens.tokens, tokens.allows]).toEqual([40, false]);
    tokens.rule = undefined;
    tokens.rule = { maxMilliTokens: 10_000, milliTokenRatio: 100 };
    expect(tokens.tokens).toBe(10);
  });
});

describe("what is kept", () => {
  const bytesOf = (buffer: RequestBuffer) => [...buffer.messages()].map(({ bytes }) => [...bytes]);

  test("messages, empty ones too, in order", () => {
    const buffer = new RequestBuffer(new BufferPool(10_000), 10_000);
    const sent = Array.from({ length: 50 }, (_, index) => Array.from({ length: index % 7 }, () => index));
    for (const message of sent) buffer.add(Uint8Array.from(message));
    expect(bytesOf(buffer)).toEqual(sent);
    expect(bytesOf(buffer)).toEqual(sent);
  });

  test("a copy: the bytes may be written again", () => {
    const buffer = new RequestBuffer(new BufferPool(1000), 1000);
    const message = Uint8Array.of(1, 2, 3);
    buffer.add(message);
    message.fill(9);
    expect(bytesOf(buffer)).toEqual([[1, 2, 3]]);
  });

  test("the limit of the call, in which each message counts 16 bytes more", () => {
    const buffer = new RequestBuffer(new BufferPool(1000), 100);
    expect([buffer.fits(84), buffer.fits(85)]).toEqual([true, false]);
    buffer.add(new Uint8Array(40));
    expect([buffer.size, buffer.fits(28), buffer.fits(29)]).toEqual([56, true, false]);
    for (let i = 0; buffer.fits(0); i++) {
      expect(i).toBeLessThan(10);
      buffer.add(new Uint8Array(0));
    }
    expect(buffer.size).toBeLessThanOrEqual(100);
  });

  test("the limit of the channel, and what comes back", () => {
    const pool = new BufferPool(100);
    const [one, other] = [new RequestBuffer(pool, 90), new RequestBuffer(pool, 90)];
    one.add(new Uint8Array(50));
    expect([pool.used, other.fits(18), other.fits(19)]).toEqual([66, true, false]);
    one.release();
    expect([pool.used, one.size, other.fits(74)]).toEqual([0, 0, true]);
    one.release();
    expect(pool.used).toBe(0);
  });
});

describe("retries", () => {
  test.each<[options: Parameters<typeof retryLimits>[0], expected: object]>([
    [undefined, { maxAttempts: 5, bufferBytesPerCall: 262_144, bufferBytes: 16_777_216 }],
    [{ maxAttempts: 10 }, { maxAttempts: 10, bufferBytesPerCall: 262_144 }],
    [
      { bufferBytesPerCall: 0, bufferBytes: 5 },
      { bufferBytesPerCall: 0, bufferBytes: 5 },
    ],
    [false, { maxAttempts: 1 }],
  ])("%j", (options, expected) => expect(retryLimits(options)).toMatchObject(expected));

  test.each<[options: object, fault: string]>([
    [{ maxAttempts: 0 }, "retries.maxAttempts must be a number from 1 on, not 0"],
    [{ maxAttempts: Number.NaN }, "retries.maxAttempts must be a number"],
    [{ bufferBytes: -1 }, "retries.bufferBytes must be a number from 0 on, not -1"],
    [{ bufferBytesPerCall: "1" }, "retries.bufferBytesPerCall must be a number"],
    [{ attempts: 3 }, 'retries knows no option "attempts"'],
  ])("%j is wrong", (options, fault) => {
    expect(() => retryLimits(options)).toThrow(TypeError);
    expect(() => retryLimits(options)).toThrow(fault);
  });
});
