import { describe, expect, test } from "vitest";
import { withOutlierDetection } from "../../src/runtime/channel/balancer/outlier-detection.js";
import {
  type OutlierDetectionOptions,
  resolveOutlierOptions,
} from "../../src/runtime/channel/balancer/outlier-options.js";
import { byFailures, bySuccessRate } from "../../src/runtime/channel/balancer/outlier-rules.js";
import { roundRobin } from "../../src/runtime/channel/balancer/round-robin.js";
import { status } from "../../src/runtime/core/status.js";
import { FakeHost, tally } from "./support/fake-host.js";

const counts = (...pairs: [succeeded: number, failed: number][]) =>
  pairs.map(([succeeded, failed]) => ({ succeeded, failed }));

describe("the rules (gRFC A50)", () => {
  const failures = { threshold: 50, enforcementPercentage: 100, minimumHosts: 3, requestVolume: 10 };
  test.each([
    ["more than the threshold", counts([4, 6], [10, 0], [10, 0]), [0]],
    ["just the threshold", counts([5, 5], [10, 0], [10, 0]), []],
    ["too few calls", counts([0, 9], [10, 0], [10, 0], [10, 0]), []],
    ["too few servers with enough calls", counts([0, 10], [10, 0], [9, 0]), []],
    ["no calls at all", counts([0, 0], [0, 0], [0, 0]), []],
    ["all of them", counts([0, 10], [1, 10], [0, 20]), [0, 1, 2]],
  ])("failure percentage: %s", (_, given, expected) => {
    expect(byFailures(given, failures)).toEqual(expected);
  });

  const rates = { stdevFactor: 500, enforcementPercentage: 100, minimumHosts: 3, requestVolume: 10 };
  test.each([
    // Rates 0.8, 1, 1, 1: mean 0.95, deviation 0.0866, so below 0.9067.
    ["far below the mean", counts([8, 2], [10, 0], [10, 0], [10, 0]), [0]],
    // Rates 0.9, 0.8, 1, 1: mean 0.925, deviation 0.0829, so below 0.8835.
    ["a little below the mean", counts([9, 1], [8, 2], [10, 0], [10, 0]), [1]],
    ["just enough servers", counts([5, 5], [10, 0], [10, 0]), [0]],
    ["all alike", counts([5, 5], [5, 5], [5, 5]), []],
    ["too few servers", counts([5, 5], [10, 0]), []],
    ["too few calls", counts([0, 9], [10, 0], [10, 0], [10, 0]), []],
  ])("success rate: %s", (_, given, expected) => {
    expect(bySuccessRate(given, rates)).toEqual(expected);
  });

  test("servers without calls have no share, even where none is asked for", () => {
    const given = counts([5, 5], [10, 0], [0, 0], [10, 0]);
    expect(bySuccessRate(given, { ...rates, requestVolume: 0 })).toEqual([0]);
    expect(byFailures(given, { ...failures, threshold: 40, requestVolume: 0, minimumHosts: 4 })).toEqual([]);
    expect(bySuccessRate([], { ...rates, minimumHosts: 0 })).toEqual([]);
  });

  test("the defaults", () => {
    expect(resolveOutlierOptions({})).toEqual({
      intervalMs: 10_000,
      baseEjectionTimeMs: 30_000,
      maxEjectionTimeMs: 300_000,
      maxEjectionPercent: 10,
      successRate: undefined,
      failurePercentage: { threshold: 85, enforcementPercentage: 100, minimumHosts: 5, requestVolume: 50 },
    });
    expect(resolveOutlierOptions({ successRate: {} })).toMatchObject({
      successRate: { stdevFactor: 1900, enforcementPercentage: 100, minimumHosts: 5, requestVolume: 100 },
      failurePercentage: undefined,
    });
  });

  test.each([
    [{ interval: 1 }, 'outlierDetection knows no option "interval"'],
    [{ failurePercentage: { treshold: 1 } }, 'outlierDetection.failurePercentage knows no option "treshold"'],
    [{ intervalMs: -1 }, "outlierDetection.intervalMs must be a number from 0 on: -1"],
    [{ maxEjectionPercent: 101 }, "outlierDetection.maxEjectionPercent is a percentage, 0 to 100: 101"],
    [{ successRate: { stdevFactor: "1" } }, "outlierDetection.successRate.stdevFactor must be a number from 0 on: 1"],
  ])("%j is refused", (options, reason) => {
    expect(() => resolveOutlierOptions(options as OutlierDetectionOptions)).toThrow(reason);
  });
});

const RULES: OutlierDetectionOptions = {
  intervalMs: 1_000,
  baseEjectionTimeMs: 3_000,
  maxEjectionTimeMs: 5_000,
  maxEjectionPercent: 50,
  failurePercentage: { threshold: 50, minimumHosts: 2, requestVolume: 2 },
};

/** Three servers that are ready. */
function fleet(options: OutlierDetectionOptions = RULES): FakeHost {
  const host = new FakeHost(withOutlierDetection(roundRobin(), options));
  host.addresses(1, 2, 3);
  for (const number of [1, 2, 3]) host.at(number).is("ready");
  return host;
}

/** An interval in which the calls of these servers fail, and those of the others do not. */
function interval(host: FakeHost, ...bad: number[]): (number | string)[] {
  for (const number of [1, 2, 3]) {
    for (let call = 0; call < 4; call++) host.at(number).ends(bad.includes(number) ? status.UNAVAILABLE : status.OK);
  }
  host.clock.advance(1_000);
  return host.picks(12);
}

describe("outlier detection over round_robin", () => {
  test("a server whose calls fail gets none for a while, longer each time, and its connection stays", () => {
    const host = fleet();
    expect(tally(interval(host))).toEqual({ 1: 4, 2: 4, 3: 4 });
    expect(tally(interval(host, 2))).toEqual({ 1: 6, 3: 6 });
    expect(host.at(2).state).toBe("ready");
    expect(tally(interval(host))).toEqual({ 1: 6, 3: 6 });
    expect(tally(interval(host))).toEqual({ 1: 6, 3: 6 });
    expect(tally(interval(host))).toEqual({ 1: 4, 2: 4, 3: 4 });
    interval(host, 2);
    for (let second = 1; second < 5; second++) expect(tally(interval(host))).toEqual({ 1: 6, 3: 6 });
    expect(tally(interval(host))).toEqual({ 1: 4, 2: 4, 3: 4 });
  });

  test("never more than the share that is allowed, so that calls have somewhere to go", () => {
    const host = fleet();
    expect(Object.keys(tally(interval(host, 1, 2, 3)))).toHaveLength(1);
  });

  test("what a caller cancels says nothing of the server", () => {
    const host = fleet();
    for (let call = 0; call < 10; call++) host.at(1).ends(status.CANCELLED);
    for (const number of [2, 3]) for (let call = 0; call < 4; call++) host.at(number).ends(status.OK);
    host.clock.advance(1_000);
    expect(tally(host.picks(12))).toEqual({ 1: 4, 2: 4, 3: 4 });
  });

  test("by chance, where it is not to be always", () => {
    const host = fleet({ ...RULES, failurePercentage: { ...RULES.failurePercentage, enforcementPercentage: 0 } });
    expect(tally(interval(host, 2))).toEqual({ 1: 4, 2: 4, 3: 4 });
  });

  test("a connection that ends while its server is ejected is opened again, and is of use after that", () => {
    const host = fleet();
    interval(host, 2);
    host.at(2).is("idle");
    expect(host.at(2).connects).toBe(2);
    host.at(2).is("ready");
    expect(tally(host.picks(12))).toEqual({ 1: 6, 3: 6 });
    for (let second = 0; second < 3; second++) interval(host);
    expect(tally(host.picks(12))).toEqual({ 1: 4, 2: 4, 3: 4 });
  });

  test("close stops its timer", () => {
    const host = fleet();
    host.policy.close();
    expect(host.clock.timers).toBe(0);
  });
});
