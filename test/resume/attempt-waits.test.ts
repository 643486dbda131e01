import { describe, expect, test } from "vitest";
import { encodeRetryInfo } from "../../src/runtime/core/error-details.js";
import { Metadata, RpcError, status } from "../../src/runtime/index.js";
import { AttemptWaits } from "../../src/runtime/resume/attempt-waits.js";
import { type AttemptOptions, resolveAttempts } from "../../src/runtime/resume/resume-options.js";

const lost = new RpcError(status.UNAVAILABLE, "lost");

/** `retryDelayMs` of a RetryInfo. */
function asking(ms: number): RpcError {
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", encodeRetryInfo(14, "", ms));
  return new RpcError(status.UNAVAILABLE, "later", { metadata });
}

/** The waits behind so many calls without an answer. */
function waits(
  count: number,
  options: AttemptOptions,
  random: number,
  error = lost,
  action: "resume" | "wait" = "resume",
) {
  const of = new AttemptWaits(resolveAttempts(options), () => random);
  return Array.from({ length: count }, () => {
    of.began();
    of.ended();
    return of.delayMs(error, action);
  });
}

describe("waits between calls", () => {
  test.each([
    ["the defaults, in the middle", {}, 0.5, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]],
    ["the defaults, at least", {}, 0, [400, 800, 1_600, 3_200, 6_400, 12_800, 24_000, 24_000]],
    ["no jitter", { jitter: 0 }, 0, [500, 1_000, 2_000]],
    ["all jitter", { jitter: 1 }, 0, [0, 0, 0]],
    ["of one's own", { initialBackoffMs: 10, maxBackoffMs: 25, jitter: 0 }, 0.3, [10, 20, 25, 25]],
    ["none", { initialBackoffMs: 0 }, 0.9, [0, 0, 0]],
    ["shorter than the first", { initialBackoffMs: 10, maxBackoffMs: 5, jitter: 0 }, 0.3, [5, 5]],
  ])("%s", (_, options, random, expected) => {
    expect(waits(expected.length, options, random).map((ms) => Math.round(ms))).toEqual(expected);
  });

  test("a thousand calls later it is still the longest", () => {
    expect(waits(1_200, { jitter: 0 }, 0).at(-1)).toBe(30_000);
  });

  test("ten times as long where the server has too much to do", () => {
    expect(waits(3, { jitter: 0 }, 0, lost, "wait")).toEqual([5_000, 10_000, 20_000]);
  });

  test("what the server asks for is a least", () => {
    expect(waits(2, {}, 0, asking(1_500))).toEqual([1_500, 1_500]);
    expect(waits(1, { jitter: 0.2 }, 0.5, asking(1_000), "wait")).toEqual([1_100]);
    expect(waits(1, {}, 0.5, asking(0))).toEqual([0]);
  });
});

describe("a healthy stretch", () => {
  const counts = (healthyAfterMs: number, answered: readonly boolean[]) => {
    const of = new AttemptWaits(resolveAttempts({ healthyAfterMs }), () => 0.5);
    return answered.map((is) => {
      of.began();
      if (is) of.answered();
      return of.ended();
    });
  };

  test.each([
    ["is one with an answer", 0, [true, true, false, false, true], [1, 1, 2, 3, 1]],
    ["lasts", 60_000, [true, true, true], [1, 2, 3]],
    ["has an answer", 0, [false, false], [1, 2]],
  ])("%s", (_, ms, answered, expected) => {
    expect(counts(ms, answered)).toEqual(expected);
  });
});
