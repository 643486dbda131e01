import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { EndpointSubchannel } from "../../src/runtime/channel/balancer/endpoint-subchannel.js";
import { status } from "../../src/runtime/core/status.js";
import {
  type Address,
  type Channel,
  type ConnectOptions,
  connect,
  type SocketAddress,
} from "../../src/runtime/index.js";
import { addressName } from "../../src/runtime/transport/routing.js";
import { TrialClient } from "../contract/harness/trial-service.js";
import { address, FakeHost, type FakeSubchannel } from "./support/fake-host.js";
import { trialServer } from "./support/trial-server.js";
import { until } from "./support/until.js";

/** Servers of several addresses (gRFC A61). */
const v4 = (port: number): SocketAddress => ({ host: "127.0.0.1", port });

function open(addresses: readonly Address[], options: ConnectOptions): { channel: Channel; client: TrialClient } {
  const channel = connect("test:///fleet", {
    initialBackoffMs: 5,
    maxBackoffMs: 20,
    ...options,
    resolver: (_, listener) => {
      listener.onResult({ addresses });
      return { close() {} };
    },
  });
  onTestFinished(() => channel.close());
  return { channel, client: new TrialClient(channel) };
}

async function answers(client: TrialClient, calls: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let call = 0; call < calls; call++) {
    const { value } = await client.greet({ value: "" });
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

async function ready(channel: Channel, count: number): Promise<void> {
  channel.connect();
  await until(() => channel.stats?.().connections.filter(({ state }) => state === "ready").length === count);
}

/** A port at which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

/** Connections are taken, and nothing is said. */
async function silentPort(): Promise<number> {
  const server = createServer((socket) => void socket.on("error", () => {}));
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

describe("servers of several addresses, over connections", () => {
  test.each(["round_robin", "least_request"] as const)(
    "%s: each is one, whichever of its addresses answers",
    async (loadBalancing) => {
      const [one, two] = [await trialServer("127.0.0.1:0"), await trialServer("127.0.0.1:0")];
      const dead = await closedPort();
      const addresses = [{ addresses: [v4(dead), v4(one.port)] }, { addresses: [v4(two.port), v4(dead)] }];
      const { channel, client } = open(addresses, { loadBalancing });
      await ready(channel, 2);
      const counts = await answers(client, 200);
      expect(Object.keys(counts)).toHaveLength(2);
      if (loadBalancing === "round_robin") expect(Object.values(counts)).toEqual([100, 100]);
      expect(channel.stats?.().connections).toHaveLength(2);
    },
  );

  test("an address that says nothing costs a quarter of a second, once", async () => {
    const server = await trialServer("127.0.0.1:0");
    const addresses = [{ addresses: [v4(await silentPort()), v4(server.port)] }];
    const { channel, client } = open(addresses, { loadBalancing: "round_robin", connectTimeoutMs: 60_000 });
    expect(Object.values(await answers(client, 3))).toEqual([3]);
    expect(channel.stats?.().connections).toHaveLength(1);
  });

  test("where the address in use goes, the other one follows, and calls that wait go there", async () => {
    const [one, two] = [await trialServer("127.0.0.1:0"), await trialServer("127.0.0.1:0")];
    const { channel, client } = open([{ addresses: [v4(one.port), v4(two.port)] }], { loadBalancing: "round_robin" });
    const [first] = Object.keys(await answers(client, 3));
    await one.shutdown(0);
    const { value } = await client.greet({ value: "" }, { waitForReady: true, timeoutMs: 20_000 });
    expect(value).not.toBe(first);
    expect(channel.state).toBe("ready");
  });

  test("where none answers, calls fail with the reasons of each address", async () => {
    const [one, two] = [await closedPort(), await closedPort()];
    const { client } = open([{ addresses: [v4(one), v4(two)] }], { loadBalancing: "round_robin" });
    const failure = await client.greet({ value: "" }).then(
      () => undefined,
      (error: { code: status; details: string }) => error,
    );
    expect(failure?.code).toBe(status.UNAVAILABLE);
    expect(failure?.details).toContain(`127.0.0.1:${one}`);
    expect(failure?.details).toContain(`127.0.0.1:${two}`);
  });

  test("with health checks and outlier detection around", async () => {
    const [one, two] = [await trialServer("127.0.0.1:0"), await trialServer("127.0.0.1:0")];
    const dead = await closedPort();
    const { channel, client } = open([{ addresses: [v4(dead), v4(one.port)] }, v4(two.port)], {
      loadBalancing: "round_robin",
      healthCheck: { serviceName: "" },
      outlierDetection: {},
    });
    await ready(channel, 2);
    // A connection that is there is not healthy yet.
    const seen = new Set<string>();
    while (seen.size < 2) seen.add((await client.greet({ value: "" })).value);
    expect(Object.values(await answers(client, 20))).toEqual([10, 10]);
  });

  test("one without any address is none", async () => {
    const { client } = open([{ addresses: [] }], { loadBalancing: "round_robin" });
    await expect(client.greet({ value: "" })).rejects.toMatchObject({
      code: status.UNAVAILABLE,
      details: expect.stringContaining("has no addresses"),
    });
  });
});

describe("the subchannel of one", () => {
  function subchannel(): {
    host: FakeHost;
    one: EndpointSubchannel;
    states: string[];
    ended: number[];
    made: FakeSubchannel[];
  } {
    const host = new FakeHost(() => ({ updateAddresses() {}, connect() {}, resetBackoff() {}, close() {} }));
    const states: string[] = [];
    const ended: number[] = [];
    const addresses = [address(1), address(2)] as SocketAddress[];
    const one = new EndpointSubchannel(
      host,
      { addresses },
      {
        onState: ({ state }) => states.push(state),
        onCallEnd: (_, code) => ended.push(code),
      },
    );
    return { host, one, states, ended, made: host.made };
  }

  test("is idle until it is told, connecting, ready, and idle when its connection ends", async () => {
    const { one, states, made, host } = subchannel();
    expect(one.state).toBe("idle");
    one.connect();
    expect(one.state).toBe("connecting");
    expect(states).toEqual([]); // its listener hears of it later, never from within
    await until(() => states.length === 1);
    host.clock.advance(250);
    expect(made.map(({ connects }) => connects)).toEqual([1, 1]);
    made[1]?.is("ready");
    expect(one.inner).toBe(made[1]);
    expect(made[0]?.state).toBe("shutdown");
    made[1]?.ends(status.OK);
    made[1]?.is("idle");
    expect(states).toEqual(["connecting", "ready", "idle"]);
    one.connect();
    expect(one.state).toBe("connecting");
  });

  test("fails once every address has, with each reason, until one is ready; closed, it says nothing more", () => {
    const { one, states, made, ended } = subchannel();
    one.connect();
    made[0]?.is("transient_failure");
    expect(states).toEqual([]);
    made[1]?.is("transient_failure");
    expect(states).toEqual(["transient_failure"]);
    expect(one.lastFailure).toBe("10.0.0.1:80 is down; 10.0.0.2:80 is down");
    made[0]?.is("idle");
    expect(one.state).toBe("transient_failure"); // sticky (gRFC A62)
    made[0]?.is("ready");
    expect(states).toEqual(["transient_failure", "ready"]);
    made[0]?.ends(status.UNAVAILABLE);
    expect(ended).toEqual([status.UNAVAILABLE]);
    one.close();
    made[0]?.is("idle");
    expect(states).toHaveLength(2);
    expect(one.state).toBe("shutdown");
  });
});

test("the name of a server is that of its addresses in any order", () => {
  const [a, b] = [v4(1), v4(2)];
  expect(addressName({ addresses: [b, a] })).toBe("127.0.0.1:1,127.0.0.1:2");
  expect(addressName({ addresses: [a] })).toBe(addressName(a));
});
