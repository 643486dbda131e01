import { describe, expect, test } from "vitest";
import { interleaved, shuffled, withoutDuplicates } from "../../src/runtime/channel/balancer/address-order.js";
import { pickFirst } from "../../src/runtime/channel/balancer/pick-first.js";
import { addressName, type SocketAddress } from "../../src/runtime/transport/routing.js";
import { FakeHost } from "./support/fake-host.js";

const DOWN = "10.0.0.1:80 is down; 10.0.0.2:80 is down";

function addressesOf(names: string): SocketAddress[] {
  return names.split(" ").map((name) => (name.startsWith("/") ? { path: name } : { host: name, port: 1 }));
}
const namesOf = (addresses: readonly SocketAddress[]) =>
  addresses
    .map((one) =>
      addressName(one)
        .replace(/:1$/, "")
        .replace(/^unix:|[[\]]/g, ""),
    )
    .join(" ");

describe("the order of addresses", () => {
  test.each([
    ["a", "a"],
    ["a b a c b", "a b c"],
  ])("%s: each once", (given, expected) => {
    expect(namesOf(withoutDuplicates(addressesOf(given)))).toBe(expected);
  });

  // RFC 8305, section 4; gRFC A61.
  test.each([
    ["1.1.1.1 2.2.2.2", "1.1.1.1 2.2.2.2"],
    ["::1 ::2 ::3 1.1.1.1", "::1 1.1.1.1 ::2 ::3"],
    ["1.1.1.1 2.2.2.2 ::1 ::2 ::3", "1.1.1.1 ::1 2.2.2.2 ::2 ::3"],
    ["::1 /a 1.1.1.1 ::2", "::1 /a 1.1.1.1 ::2"],
    ["/a /b ::1", "/a ::1 /b"],
  ])("%s: families take turns", (given, expected) => {
    expect(namesOf(interleaved(addressesOf(given)))).toBe(expected);
  });

  test("each order is as likely as another", () => {
    const seen = new Map<string, number>();
    let state = 1;
    const random = () => {
      state = (state * 48_271) % 0x7fff_ffff;
      return state / 0x7fff_ffff;
    };
    for (let round = 0; round < 6_000; round++) {
      const order = namesOf(shuffled(addressesOf("a b c"), random));
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    for (const count of seen.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  // gRFC A113: the first by its part of the weights, the second by its part of what is left.
  test("with weights, each is the first as often as its weight says", () => {
    const firsts: Record<string, number> = {};
    const orders: Record<string, number> = {};
    let state = 1;
    const random = () => {
      state = (state * 48_271) % 0x7fff_ffff;
      return state / 0x7fff_ffff;
    };
    const servers = ["a", "b", "c"].map((host, index) => ({
      host,
      port: 1,
      ...(index > 0 ? { weight: index + 1 } : {}),
    }));
    for (let round = 0; round < 6_000; round++) {
      const order = shuffled(servers, random).map(({ host }) => host);
      firsts[order[0]!] = (firsts[order[0]!] ?? 0) + 1;
      orders[order.join("")] = (orders[order.join("")] ?? 0) + 1;
    }
    expect(Math.abs(firsts["a"]! - 1_000)).toBeLessThan(150);
    expect(Math.abs(firsts["b"]! - 2_000)).toBeLessThan(150);
    expect(Math.abs(firsts["c"]! - 3_000)).toBeLessThan(150);
    expect(Math.abs(orders["cba"]! - (6_000 * 3 * 2) / (6 * 3))).toBeLessThan(150);
  });
});

describe("pick_first", () => {
  test("connects to the first alone, and sends it all calls", () => {
    const host = new FakeHost(pickFirst());
    host.addresses(1, 2);
    expect(host.made.map(({ connects }) => connects)).toEqual([1, 0]);
    expect(host.pick()).toBe("wait");
    host.at(1).is("ready");
    expect(host.picks(3)).toEqual([1, 1, 1]);
    expect(host.states).toEqual(["connecting", "ready"]);
    expect(host.open).toHaveLength(1);
  });

  test("tries the next at once when one fails", () => {
    const host = new FakeHost(pickFirst());
    host.addresses(1, 2);
    host.at(1).is("transient_failure");
    expect(host.at(2).connects).toBe(1);
    expect(host.pick()).toBe("wait");
    host.at(2).is("ready");
    expect(host.pick()).toBe(2);
  });

  test("tries the next beside one that does not answer within 250 ms, and takes the first that does (A61)", () => {
    const host = new FakeHost(pickFirst());
    host.addresses(1, 2, 3);
    host.clock.advance(249);
    expect(host.at(2).connects).toBe(0);
    host.clock.advance(1);
    expect(host.at(2).connects).toBe(1);
    host.clock.advance(250);
    expect(host.at(3).connects).toBe(1);
    host.at(2).is("ready");
    expect(host.pick()).toBe(2);
    expect(host.open.map(({ address }) => addressName(address))).toEqual(["10.0.0.2:80"]);
    expect(host.clock.timers).toBe(0);
  });

  test("fails calls once all have failed, and goes on trying until one is ready (A62)", () => {
    const host = new FakeHost(pickFirst());
    host.addresses(1, 2);
    host.at(1).is("transient_failure");
    expect(host.state).toBe("connecting");
    host.at(2).is("transient_failure");
    expect(host.state).toBe("transient_failure");
    expect(host.pick()).toBe(DOWN);
    expect(host.resolutions).toBe(1);
    host.at(1).is("idle");
    expect(host.at(1).connects).toBe(2);
    host.at(1).is("connecting");
    expect(host.state).toBe("transient_failure");
    host.at(1).is("transient_failure");
    host.at(2).is("idle");
    host.at(2).is("transient_failure");
    expect(host.resolutions).toBe(2);
    host.at(2).is("idle");
    host.at(2).is("ready");
    expect(host.pick()).toBe(2);
    expect(host.states.filter((state) => state === "connecting")).toHaveLength(1);
  });

  test("one that failed and may try again waits until all were tried", () => {
    const host = new FakeHost(pickFirst());
    host.addresses(1, 2);
    host.at(1).is("transient_failure");
    host.at(1).is("idle");
    expect(host.at(1).connects).toBe(1);
    host.at(2).is("transient_failure");
    expect(host.at(1).connects).toBe(2);
    expect(host.state).toBe("transient_failure");
  });

  test("is idle when its connection ends, looks up again, and connects anew for the next call", () => {
    const host = new FakeHost(pickFirst());
    host.addresses(1, 2);
    host.at(1).is("ready");
    host.at(1).is("idle");
    expect(host.state).toBe("idle");
    expect(host.resolutions).toBe(1);
    expect(host.open).toHaveLength(0);
    expect(host.pick()).toBe("wait");
    expect(host.state).toBe("connecting");
    host.at(1).is("ready");
    expect(host.pick()).toBe(1);
  });

  test("looks elsewhere at once when its connection ended unused, and that address is to wait", () => {
    const host = new FakeHost(pickFirst());
    host.addresses(1, 2);
    host.at(1).is("ready");
    host.at(1).is("transient_failure");
    expect(host.state).toBe("connecting");
    expect(host.at(2).connects).toBe(1);
    expect(host.at(1).connects).toBe(1);
  });

  test("stays where it is while the address is in the list, and moves when it is not", () => {
    const host = new FakeHost(pickFirst());
    host.addresses(1, 2);
    host.at(1).is("ready");
    host.addresses(3, 1);
    expect(host.pick()).toBe(1);
    host.addresses(3, 4);
    expect(host.state).toBe("connecting");
    expect(host.open.map(({ address }) => addressName(address))).toEqual(["10.0.0.3:80", "10.0.0.4:80"]);
    host.at(3).is("ready");
    expect(host.pick()).toBe(3);
  });

  test("keeps an attempt that is under way when the list changes", () => {
    const host = new FakeHost(pickFirst());
    host.addresses(1, 2);
    host.addresses(2, 1);
    expect(host.made).toHaveLength(2);
    expect(host.at(2).connects).toBe(1);
    host.at(1).is("ready");
    expect(host.pick()).toBe(1);
  });

  test("shuffles where it is asked to (A113)", () => {
    const keys = [0.2, 0.9, 0.5];
    const host = new FakeHost(pickFirst({ shuffle: true }), () => keys.shift() ?? 0);
    host.addresses(1, 2, 3);
    expect(host.made.map(({ address }) => addressName(address))).toEqual(
      [2, 3, 1].map((number) => `10.0.0.${number}:80`),
    );
  });

  test("of servers with several addresses, the addresses of one keep their order, and families take turns over all (A61)", () => {
    const keys = [0.2, 0.9];
    const host = new FakeHost(pickFirst({ shuffle: true }), () => keys.shift() ?? 0);
    const one = { addresses: addressesOf("::1 1.1.1.1") };
    const two = { addresses: addressesOf("::2 ::3 2.2.2.2 1.1.1.1") };
    host.policy.updateAddresses([one, two]);
    expect(namesOf(host.made.map(({ address }) => address as SocketAddress))).toBe("::2 2.2.2.2 ::3 1.1.1.1 ::1");
  });

  test("resetBackoff reaches its subchannels; close closes them", () => {
    const host = new FakeHost(pickFirst());
    host.addresses(1, 2);
    host.policy.resetBackoff();
    expect(host.made.map(({ resets }) => resets)).toEqual([1, 1]);
    host.policy.close();
    expect(host.open).toEqual([]);
    expect(host.clock.timers).toBe(0);
  });
});
