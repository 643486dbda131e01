import { describe, expect, test } from "vitest";
import { lazyRouter } from "../../src/runtime/channel/lazy-router.js";
import { policyFor, resolvedConfigOf } from "../../src/runtime/channel/policy.js";
import type { Resolver, ResolverListener } from "../../src/runtime/channel/resolver/resolver.js";
import { router } from "../../src/runtime/channel/router.js";
import { RpcError } from "../../src/runtime/core/rpc-error.js";
import { type Address, addressName, type Router, type RouterHost } from "../../src/runtime/transport/routing.js";
import type { ConnectivityState } from "../../src/runtime/transport/transport.js";
import { bytesMethod, startOptions } from "../transport/support.js";
import { FakeClock } from "./support/fake-clock.js";
import { address, FakeSubchannel } from "./support/fake-host.js";

const ROUND_ROBIN = { loadBalancingConfig: [{ round_robin: {} }] };

/** A router, its transport and its resolver, all of which the test plays. */
class Play implements RouterHost {
  readonly clock: FakeClock = new FakeClock();
  readonly made: FakeSubchannel[] = [];
  readonly states: ConnectivityState[] = [];
  readonly router: Router;
  listener: ResolverListener | undefined;
  resolvers = 0;
  closed = 0;
  refreshed = 0;
  broken = false;

  constructor() {
    const resolver = (_: string, listener: ResolverListener): Resolver => {
      if (this.broken) throw new Error("no registry");
      this.resolvers++;
      this.listener = listener;
      return { refresh: () => void this.refreshed++, close: () => void this.closed++ };
    };
    const policy = (config: unknown) => policyFor({}, resolvedConfigOf(config));
    this.router = router({ name: "test:web", resolver, policy, clock: this.clock, random: () => 0 })(this);
  }

  createSubchannel(of: Address, listener: ConstructorParameters<typeof FakeSubchannel>[1]): FakeSubchannel {
    const subchannel = new FakeSubchannel(of, listener);
    this.made.push(subchannel);
    return subchannel;
  }

  onChange(): void {
    if (this.router !== undefined && this.states.at(-1) !== this.router.state) this.states.push(this.router.state);
  }

  found(config: unknown, ...numbers: number[]): void {
    this.listener?.onResult({ addresses: numbers.map(address), serviceConfig: config });
  }

  ready(number: number): void {
    const name = addressName(address(number));
    for (const one of this.made) if (one.state !== "shutdown" && addressName(one.address) === name) one.is("ready");
  }

  pick(): string {
    const picked = this.router.pick({ method: bytesMethod("Any"), options: startOptions() });
    if (picked instanceof RpcError) return picked.message;
    return picked === undefined ? "wait" : addressName(picked.address);
  }
}

describe("a router", () => {
  test("does nothing before the first call; then looks for addresses, and calls wait", () => {
    const play = new Play();
    expect([play.resolvers, play.router.state]).toEqual([0, "idle"]);
    expect(play.pick()).toBe("wait");
    expect([play.resolvers, play.router.state]).toEqual([1, "connecting"]);
    expect(play.router.waitingFor).toBe("the addresses of test:web");
    play.found(undefined, 1);
    expect(play.pick()).toBe("wait");
    expect(play.router.waitingFor).toBe("a connection to a server of test:web");
    play.ready(1);
    expect(play.pick()).toBe("10.0.0.1:80");
    expect(play.states).toEqual(["connecting", "ready"]);
  });

  test("no addresses: calls fail where none were known before, else all stays as it is", () => {
    const play = new Play();
    play.pick();
    play.listener?.onError("NXDOMAIN");
    expect(play.pick()).toBe("[UNAVAILABLE] cannot find the addresses of test:web: NXDOMAIN");
    play.found(undefined, 1);
    play.ready(1);
    play.listener?.onError("SERVFAIL");
    expect(play.pick()).toBe("10.0.0.1:80");
    play.found(undefined);
    expect(play.pick()).toBe("[UNAVAILABLE] test:web has no addresses");
    expect(play.made.map(({ state }) => state)).toEqual(["shutdown"]);
  });

  test("each address once, whatever the resolver says", () => {
    const play = new Play();
    play.pick();
    play.found(ROUND_ROBIN, 1, 1, 2, 1);
    expect(play.made).toHaveLength(2);
  });

  test("a lost connection asks the resolver; resetBackoff asks it too", () => {
    const play = new Play();
    play.pick();
    play.found(ROUND_ROBIN, 1);
    play.ready(1);
    play.made[0]!.is("idle");
    expect(play.refreshed).toBe(1);
    play.router.resetBackoff();
    expect(play.refreshed).toBe(2);
  });

  test("another policy follows once it has a server; until then the first one's calls go on", () => {
    const play = new Play();
    play.pick();
    play.found(undefined, 1, 2);
    play.ready(1);
    play.found(ROUND_ROBIN, 1, 2);
    expect(play.pick()).toBe("10.0.0.1:80");
    play.ready(2);
    expect(play.pick()).toBe("10.0.0.2:80");
    expect(play.made.filter(({ state }) => state === "shutdown")).toHaveLength(2); // those of pick_first
    expect(play.states).toEqual(["connecting", "ready"]);
  });

  test("it follows at once where the first has lost its server", () => {
    const play = new Play();
    play.pick();
    play.found(undefined, 1);
    play.ready(1);
    play.found(ROUND_ROBIN, 1, 2);
    play.made[0]!.is("idle");
    expect(play.pick()).toBe("wait");
    expect(play.router.state).toBe("connecting");
  });

  test("a service config that is wrong: the one before stays; where there was none, calls fail", () => {
    const play = new Play();
    play.pick();
    play.found({ loadBalancingConfig: 1 }, 1);
    expect(play.pick()).toMatch(
      /^\[UNAVAILABLE\] the service config of test:web is wrong: serviceConfig\.loadBalancingConfig is 1/,
    );
    play.found(ROUND_ROBIN, 1);
    play.ready(1);
    play.found({ loadBalancingConfig: 1 }, 1, 2);
    expect(play.pick()).toBe("10.0.0.1:80");
    play.ready(2);
    expect(new Set([play.pick(), play.pick()])).toEqual(new Set(["10.0.0.1:80", "10.0.0.2:80"]));
  });

  test("at rest it has neither resolver nor connections; the next call begins anew", () => {
    const play = new Play();
    play.pick();
    play.found(ROUND_ROBIN, 1);
    play.ready(1);
    play.router.rest();
    expect([play.router.state, play.closed, play.made[0]!.state]).toEqual(["idle", 1, "shutdown"]);
    const former = play.listener;
    play.found(ROUND_ROBIN, 1); // a resolver that does not heed its end
    expect(play.made).toHaveLength(1);
    expect(play.pick()).toBe("wait");
    expect(play.resolvers).toBe(2);
    former?.onResult({ addresses: [address(2)] });
    former?.onError("gone");
    expect([play.made.length, play.router.state]).toEqual([1, "connecting"]);
  });

  test("what a resolver throws fails calls, and after a second it is made anew", () => {
    const play = new Play();
    play.broken = true;
    play.pick();
    expect(play.pick()).toBe("[INTERNAL] the resolver or the load balancer threw: no registry");
    play.broken = false;
    play.clock.advance(1_000);
    expect(play.pick()).toBe("wait");
    expect(play.resolvers).toBe(1);
  });

  test("closed, it begins nothing", () => {
    const play = new Play();
    play.router.close();
    expect(play.pick()).toBe("[UNAVAILABLE] the channel is closed");
    expect(play.resolvers).toBe(0);
  });
});

describe("a router whose code is loaded later", () => {
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const call = { method: bytesMethod("Any"), options: startOptions() };

  test("is loaded by the first call, once", async () => {
    const play = new Play();
    let loads = 0;
    const lazy = lazyRouter(async () => {
      loads++;
      return () => play.router;
    })(play);
    expect([lazy.state, loads]).toEqual(["idle", 0]);
    expect(lazy.pick(call)).toBeUndefined();
    expect(lazy.pick(call)).toBeUndefined();
    expect(lazy.state).toBe("connecting");
    await settle();
    expect([loads, play.resolvers]).toEqual([1, 1]);
    lazy.rest();
    expect(lazy.state).toBe("idle");
    lazy.close();
    expect(lazy.pick(call)).toBeInstanceOf(RpcError);
  });

  test("that cannot be loaded fails calls, which do not load it again and again", async () => {
    const play = new Play();
    let loads = 0;
    const lazy = lazyRouter(async () => {
      loads++;
      throw new Error("no such file");
    })(play);
    expect(lazy.pick(call)).toBeUndefined();
    await settle();
    expect(lazy.state).toBe("transient_failure");
    expect(lazy.pick(call)).toMatchObject({ details: "load balancing cannot be loaded: no such file" });
    lazy.connect();
    await settle();
    expect(loads).toBe(1);
  });

  test("closed while it is loaded, it begins nothing", async () => {
    const play = new Play();
    const lazy = lazyRouter(async () => () => play.router)(play);
    lazy.connect();
    lazy.close();
    await settle();
    expect(play.resolvers).toBe(0);
  });
});
