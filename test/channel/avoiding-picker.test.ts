import { describe, expect, test } from "vitest";
import { leastRequest } from "../../src/runtime/channel/balancer/least-request.js";
import { withOutlierDetection } from "../../src/runtime/channel/balancer/outlier-detection.js";
import { readySet } from "../../src/runtime/channel/balancer/ready-set.js";
import { roundRobin } from "../../src/runtime/channel/balancer/round-robin.js";
import { weighted } from "../../src/runtime/channel/balancer/weighted.js";
import { FakeHost, tally } from "./support/fake-host.js";

/** All of them ready. */
function ready(host: FakeHost, ...numbers: number[]): FakeHost {
  host.addresses(...numbers);
  for (const number of numbers) host.at(number).is("ready");
  return host;
}

const picks = (host: FakeHost, count: number, ...tried: number[]) =>
  Array.from({ length: count }, () => host.pick(...tried));

describe("a call that is sent again goes to a server that it has not tried", () => {
  test("and takes turns there", () => {
    const host = ready(new FakeHost(roundRobin()), 1, 2, 3);
    expect(tally(picks(host, 30, 2))).toEqual({ 1: 15, 3: 15 });
    expect(tally(picks(host, 4, 2, 3))).toEqual({ 1: 4 });
    expect(tally(picks(host, 4, 3, 2))).toEqual({ 1: 4 });
  });

  test("the turns of other calls stay as they are", () => {
    const host = ready(new FakeHost(roundRobin()), 1, 2, 3);
    const first = host.picks(3);
    host.pick(1);
    expect(host.picks(3)).toEqual(first);
  });

  test("to any where it has tried all that are ready", () => {
    const host = ready(new FakeHost(roundRobin()), 1, 2);
    expect(tally(picks(host, 4, 1, 2))).toEqual({ 1: 2, 2: 2 });
    host.at(2).is("idle");
    expect(tally(picks(host, 2, 1))).toEqual({ 1: 2 });
  });

  test("also where the one that it has tried has the fewest calls", () => {
    const host = ready(new FakeHost(leastRequest(), Math.random), 1, 2, 3);
    host.at(2).openCalls = 100;
    host.at(3).openCalls = 100;
    expect(picks(host, 200, 1)).not.toContain(1);
  });

  test("by weight, and never to one of weight 0", () => {
    const weights: Record<string, number> = { "10.0.0.1": 1000, "10.0.0.2": 3, "10.0.0.3": 1, "10.0.0.4": 0 };
    const policy = weighted(({ address }) => ("host" in address ? (weights[address.host] ?? 0) : 0));
    const host = ready(new FakeHost(policy), 1, 2, 3, 4);
    expect(tally(picks(host, 40, 1))).toEqual({ 2: 30, 3: 10 });
    expect(tally(picks(host, 10, 1, 2, 3))).not.toHaveProperty("4");
  });

  test("with a policy of the user's own, and through what is around it", () => {
    const first = readySet((servers) => ({ pick: () => servers[0]?.subchannel }));
    const host = ready(new FakeHost(withOutlierDetection(first, {})), 1, 2);
    expect(host.pick()).toBe(1);
    expect(host.pick(1)).toBe(2);
  });

  test("what was tried and is unknown now is no matter, however much that is", () => {
    const host = ready(new FakeHost(roundRobin()), 1, 2);
    for (let gone = 3; gone < 255; gone++) expect([1, 2]).toContain(host.pick(gone));
    expect(host.pick(1, 77)).toBe(2);
  });
});
