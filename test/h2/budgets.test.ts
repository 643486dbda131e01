import { describe, expect, test } from "vitest";
import { AbuseGuard } from "../../src/runtime/h2/abuse-guard.js";
import { Bucket } from "../../src/runtime/h2/bucket.js";
import * as ErrorCode from "../../src/runtime/h2/error-code.js";
import { BdpEstimator } from "../../src/runtime/h2/flow/bdp-estimator.js";
import { DEFAULT_LIMITS } from "../../src/runtime/h2/limits.js";

function taken(take: () => boolean): number {
  let count = 0;
  while (take()) count++;
  return count;
}

describe("buckets", () => {
  test("so many at once, so many a second, and never more than at first", () => {
    let now = 1000;
    const bucket = new Bucket(5, 2, () => now);
    const take = (): boolean => bucket.take();
    expect(taken(take)).toBe(5);
    now += 499;
    expect(taken(take)).toBe(0);
    now += 1; // what came before is not lost
    expect(taken(take)).toBe(1);
    now += 2000;
    expect(taken(take)).toBe(4);
    now += 60_000;
    expect(taken(take)).toBe(5);
  });

  test("what is earned adds to it, while it is not full", () => {
    const bucket = new Bucket(2, 0, () => 0);
    bucket.earn(7);
    expect(taken(() => bucket.take())).toBe(2);
    bucket.earn(3);
    expect(taken(() => bucket.take())).toBe(3);
  });
});

describe("the guard against abuse", () => {
  const limits = {
    ...DEFAULT_LIMITS,
    controlBurst: 2,
    controlsPerSecond: 1,
    resetBurst: 3,
    resetsPerSecond: 2,
    emptyFrameBurst: 4,
    emptyFramesPerSecond: 3,
    strayFrameBurst: 5,
    strayFramesPerSecond: 4,
  };
  const answers = { controlBytes: 0 };
  test.each([
    ["control", 2, 1, "too many control frames"],
    ["reset", 3, 2, "too many streams were reset"],
    ["emptyFrame", 4, 3, "too many empty frames"],
    ["strayFrame", 5, 4, "too many frames on streams that are over"],
  ] as const)("%s: %i at once, %i a second", (method, burst, perSecond, message) => {
    let now = 0;
    const guard = new AbuseGuard(limits, () => now, answers);
    const fault = { code: ErrorCode.ENHANCE_YOUR_CALM, message, origin: "local" };
    for (let i = 0; i < burst; i++) guard[method]();
    expect(() => guard[method]()).toThrow(expect.objectContaining(fault));
    now += 1000;
    for (let i = 0; i < perSecond; i++) guard[method]();
    expect(() => guard[method]()).toThrow(expect.objectContaining(fault));
  });

  test.each([
    { bytes: 0, earned: 2 },
    { bytes: 1023, earned: 2 },
    { bytes: 1024, earned: 3 },
    { bytes: 16_384, earned: 18 },
  ])("DATA of $bytes bytes earns $earned controls", ({ bytes, earned }) => {
    const guard = new AbuseGuard({ ...limits, controlBurst: 1 }, () => 0, answers);
    guard.control();
    guard.earnControls(bytes);
    for (let i = 0; i < earned; i++) guard.control();
    expect(() => guard.control()).toThrow("control");
  });

  test("a control frame is refused where more answers wait than may", () => {
    const waiting = { controlBytes: 100 };
    const guard = new AbuseGuard({ ...limits, maxControlBacklog: 100 }, () => 0, waiting);
    guard.control();
    waiting.controlBytes = 101;
    expect(() => guard.control()).toThrow("answers pile up that the peer does not read");
  });

  test("a crumb of a window costs as much as three control frames, whatever waits", () => {
    const guard = new AbuseGuard({ ...limits, controlBurst: 4, maxControlBacklog: 0 }, () => 0, { controlBytes: 1 });
    guard.dribble();
    expect(() => guard.dribble()).toThrow("too many control frames");
  });

  test("DATA of ours earns two controls, a stream's proper end one reset", () => {
    const guard = new AbuseGuard(limits, () => 0, answers);
    for (let i = 0; i < 2; i++) guard.control();
    guard.earnControls(0);
    for (let i = 0; i < 2; i++) guard.control();
    expect(() => guard.control()).toThrow("control");
    for (let i = 0; i < 3; i++) guard.reset();
    guard.earnReset();
    guard.reset();
    expect(() => guard.reset()).toThrow("reset");
  });
});

describe("the bandwidth-delay estimate", () => {
  test("a PING goes out at half a window, one at a time", () => {
    const bdp = new BdpEstimator(1000, 10_000);
    expect(bdp.received(499)).toBe(false);
    expect(bdp.received(1)).toBe(true);
    bdp.sent(0);
    expect(bdp.received(5000)).toBe(false);
  });

  test("a sample of two thirds of the window, faster than before, doubles it", () => {
    const bdp = new BdpEstimator(900, 10_000);
    bdp.sent(0);
    bdp.received(600);
    expect(bdp.answered(10)).toBe(1200);
    expect(bdp.received(599)).toBe(false);
    expect(bdp.received(1)).toBe(true);
    bdp.sent(100);
    bdp.received(900);
    expect(bdp.answered(110)).toBe(1800);
  });

  test("a smaller one, or one that is not faster, does not, and the next PING is later", () => {
    const bdp = new BdpEstimator(900, 10_000);
    bdp.sent(0);
    bdp.received(599);
    expect(bdp.answered(1)).toBe(0);
    expect(bdp.received(899)).toBe(false);
    expect(bdp.received(1)).toBe(true);
    bdp.sent(10);
    bdp.received(800);
    expect(bdp.answered(20)).toBe(0); // 80 bytes a ms against 599
    expect(bdp.received(1799)).toBe(false);
    expect(bdp.received(1)).toBe(true);
  });

  test("patience has an end at 16 MiB", () => {
    const bdp = new BdpEstimator(1000, Number.POSITIVE_INFINITY);
    for (let i = 0; i < 60; i++) {
      bdp.sent(i);
      expect(bdp.answered(i)).toBe(0);
    }
    expect(bdp.received(16 * 1024 * 1024 - 1)).toBe(false);
    expect(bdp.received(1)).toBe(true);
  });

  test("it ends at the limit, and asks no more", () => {
    const bdp = new BdpEstimator(1000, 1500);
    bdp.sent(0);
    bdp.received(1000);
    expect(bdp.answered(0)).toBe(1500);
    expect(bdp.received(100_000)).toBe(false);
  });
});
