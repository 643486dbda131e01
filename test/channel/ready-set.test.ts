import { describe, expect, test } from "vitest";
import { leastRequest } from "../../src/runtime/channel/balancer/least-request.js";
import { roundRobin } from "../../src/runtime/channel/balancer/round-robin.js";
import { StaticStride } from "../../src/runtime/channel/balancer/static-stride.js";
import { weighted } from "../../src/runtime/channel/balancer/weighted.js";
import { address, FakeHost, tally } from "./support/fake-host.js";

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 0x7fff_ffff;
    return state / 0x7fff_ffff;
  };
}

/** All of them ready. */
function ready(host: FakeHost, ...numbers: number[]): FakeHost {
  host.addresses(...numbers);
  for (const number of numbers) host.at(number).is("ready");
  return host;
}

describe("round_robin", () => {
  test("connects to all at once, and calls go on from the first that is ready", () => {
    const host = new FakeHost(roundRobin());
    host.addresses(1, 2, 3);
    expect(host.made.map(({ connects }) => connects)).toEqual([1, 1, 1]);
    expect(host.pick()).toBe("wait");
    host.at(2).is("ready");
    expect(host.picks(2)).toEqual([2, 2]);
    expect(host.states).toEqual(["connecting", "ready"]);
  });

  test("takes turns, from one of chance on", () => {
    const first = (random: number) => ready(new FakeHost(roundRobin(), () => random), 1, 2, 3).pick();
    expect(new Set([0, 0.4, 0.9].map(first))).toEqual(new Set([1, 2, 3]));
    const picks = ready(new FakeHost(roundRobin()), 1, 2, 3).picks(300);
    expect(tally(picks)).toEqual({ 1: 100, 2: 100, 3: 100 });
    expect(picks.slice(0, 3)).toEqual(picks.slice(3, 6));
  });

  test("a server that fails costs nothing while another is ready; it is tried again when it may be", () => {
    const host = ready(new FakeHost(roundRobin()), 1, 2);
    host.at(1).is("idle");
    expect(host.resolutions).toBe(1);
    expect(host.at(1).connects).toBe(2);
    expect(tally(host.picks(4))).toEqual({ 2: 4 });
    host.at(1).is("transient_failure");
    expect(host.resolutions).toBe(2);
    expect(tally(host.picks(4))).toEqual({ 2: 4 });
    host.at(1).is("idle");
    expect(host.at(1).connects).toBe(3);
    host.at(1).is("ready");
    expect(tally(host.picks(4))).toEqual({ 1: 2, 2: 2 });
  });

  test("fails only once all have failed, with each reason, and until one is ready", () => {
    const host = new FakeHost(roundRobin());
    host.addresses(1, 2);
    host.at(1).is("transient_failure");
    expect(host.pick()).toBe("wait");
    host.at(2).is("transient_failure");
    expect(host.pick()).toBe("10.0.0.1:80 is down; 10.0.0.2:80 is down");
    host.at(1).is("idle");
    host.at(1).is("connecting");
    expect(host.state).toBe("transient_failure");
    host.at(1).is("ready");
    expect(host.pick()).toBe(1);
  });

  test("servers come and go by the list, and those that stay keep their connections", () => {
    const host = ready(new FakeHost(roundRobin()), 1, 2);
    const kept = host.at(2);
    host.addresses(2, 3);
    expect(host.at(2)).toBe(kept);
    expect(host.open).toHaveLength(2);
    expect(tally(host.picks(4))).toEqual({ 2: 4 });
    host.at(3).is("ready");
    expect(tally(host.picks(4))).toEqual({ 2: 2, 3: 2 });
  });

  test("resetBackoff and close reach all", () => {
    const host = ready(new FakeHost(roundRobin()), 1, 2);
    host.policy.resetBackoff();
    expect(host.made.map(({ resets }) => resets)).toEqual([1, 1]);
    host.policy.close();
    expect(host.open).toEqual([]);
  });
});

describe("least_request (gRFC A48)", () => {
  test("of two of chance, the one with fewer open calls", () => {
    const draws = [0, 0.99, 0.99, 0];
    const host = ready(new FakeHost(leastRequest(), () => draws.shift() ?? 0), 1, 2);
    host.at(1).openCalls = 3;
    host.at(2).openCalls = 1;
    expect(host.picks(2)).toEqual([2, 2]);
  });

  test("evens out calls that stay open", () => {
    const host = ready(new FakeHost(leastRequest(), seeded(7)), 1, 2, 3);
    host.at(1).openCalls = 50;
    for (let call = 0; call < 250; call++) host.at(Number(host.pick())).openCalls++;
    for (const number of [1, 2, 3]) expect(Math.abs(host.at(number).openCalls - 100)).toBeLessThan(10);
  });

  test.each([1, 0, 1.5, Number.NaN])("choiceCount %s is refused", (choiceCount) => {
    expect(() => leastRequest({ choiceCount })).toThrow(TypeError);
  });
});

describe("weighted", () => {
  test("each server gets its share", () => {
    const weights: Record<string, number> = { "10.0.0.1": 1, "10.0.0.2": 3, "10.0.0.3": 0 };
    const host = ready(
      new FakeHost(weighted(({ address: one }) => weights["host" in one ? one.host : ""] ?? 1)),
      1,
      2,
      3,
    );
    expect(tally(host.picks(400))).toEqual({ 1: 100, 2: 300 });
  });

  test("by the resolver's weights where there is no function", () => {
    const host = new FakeHost(weighted());
    host.policy.updateAddresses([{ ...address(1), weight: 4 }, address(2)]);
    host.at(1).is("ready");
    host.at(2).is("ready");
    expect(tally(host.picks(500))).toEqual({ 1: 400, 2: 100 });
  });

  test("is asked again after a second", () => {
    let first = 1;
    const host = ready(
      new FakeHost(weighted(({ address: one }) => ("host" in one && one.host.endsWith("1") ? first : 1))),
      1,
      2,
    );
    expect(tally(host.picks(100))).toEqual({ 1: 50, 2: 50 });
    first = 0;
    host.clock.advance(999);
    expect(tally(host.picks(100))).toEqual({ 1: 50, 2: 50 });
    host.clock.advance(1);
    expect(tally(host.picks(100))).toEqual({ 2: 100 });
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, "2" as unknown as number])(
    "a weight of %s ends the calls",
    (weight) => {
      const host = ready(new FakeHost(weighted(() => weight)), 1);
      expect(() => host.pick()).toThrow("the weight of a server must be a number from 0 on");
    },
  );

  // gRFC A58.
  test.each([
    [[1, 1], 10, [5, 5]],
    [[2, 1], 9, [6, 3]],
    [[0, 0, 0], 9, [3, 3, 3]],
    [[1, 0, 9], 100, [10, 0, 90]],
    [[0.5, 0.25], 30, [20, 10]],
    [[1e9, 1], 10, [10, 0]],
  ])("weights %j: of %i, %j", (weights, count, expected) => {
    const stride = new StaticStride(weights);
    const counts = weights.map(() => 0);
    for (let round = 0; round < count; round++) counts[stride.next()]!++;
    expect(counts).toEqual(expected);
  });

  test("0 is never, though 1 of many is now and then", () => {
    const picked = (weights: number[]) => {
      const stride = new StaticStride(weights);
      return new Set(Array.from({ length: 140_000 }, () => stride.next()));
    };
    expect(picked([1, 0])).toEqual(new Set([0]));
    expect(picked([1e9, 1])).toEqual(new Set([0, 1]));
  });

  test("those of equal weight take turns", () => {
    const stride = new StaticStride([2, 1, 1]);
    expect(Array.from({ length: 8 }, () => stride.next())).toEqual([0, 1, 0, 2, 0, 1, 0, 2]);
  });

  test("shares are spread evenly, not in bursts", () => {
    const stride = new StaticStride([3, 1]);
    const sequence = Array.from({ length: 40 }, () => stride.next());
    const gaps = sequence.map((index, at) => (index === 1 ? at : -1)).filter((at) => at >= 0);
    expect(gaps.slice(1).map((at, index) => at - gaps[index]!)).toEqual(
      Array.from({ length: gaps.length - 1 }, () => 4),
    );
  });
});
