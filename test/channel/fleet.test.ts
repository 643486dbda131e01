import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Resolver, ResolverListener } from "../../src/runtime/channel/resolver/resolver.js";
import {
  type Channel,
  type ConnectOptions,
  connect,
  http2Transport,
  type RpcError,
  status,
} from "../../src/runtime/index.js";
import { rejection } from "../contract/harness/harness.js";
import { TrialClient } from "../contract/harness/trial-service.js";
import { certificates } from "../support/certificates.js";
import { NameServer } from "./support/name-server.js";
import { buildProgram, runProgram } from "./support/served-process.js";
import { type TrialServer, trialServer } from "./support/trial-server.js";
import { until } from "./support/until.js";

const FAST = { initialBackoffMs: 5, maxBackoffMs: 20 };

function open(
  target: string | readonly string[],
  options: ConnectOptions = {},
): { channel: Channel; client: TrialClient } {
  const channel = connect(target, { ...FAST, ...options });
  onTestFinished(() => channel.close());
  return { channel, client: new TrialClient(channel) };
}

async function names(): Promise<NameServer> {
  const server = await NameServer.start();
  onTestFinished(() => server.stop());
  return server;
}

/** Servers at 127.0.0.2, 127.0.0.3, … on one port, as the pods of a headless service. */
async function pods(count: number): Promise<TrialServer[]> {
  const first = await trialServer("127.0.0.2:0");
  const others = Array.from({ length: count - 1 }, (_, index) => trialServer(`127.0.0.${index + 3}:${first.port}`));
  return [first, ...(await Promise.all(others))];
}

/** Who answers so many calls, one after another. */
async function answers(client: TrialClient, calls: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let call = 0; call < calls; call++) {
    const { value } = await client.greet({ value: "" });
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

async function allReady(channel: Channel, count: number): Promise<void> {
  channel.connect();
  await until(() => channel.stats?.().connections.filter(({ state }) => state === "ready").length === count);
}

describe("a name with many addresses", () => {
  test("round_robin spreads the calls evenly, and follows the name", async () => {
    const [a, b, c] = await pods(3);
    const dns = await names();
    dns.names["web.test"] = { A: ["127.0.0.2", "127.0.0.3"] };
    const { channel, client } = open(`dns://${dns.address}/web.test:${a!.port}`, {
      loadBalancing: "round_robin",
      dns: { refreshMs: 20 },
    });
    await allReady(channel, 2);
    expect(await answers(client, 40)).toEqual({ [a!.address]: 20, [b!.address]: 20 });
    dns.names["web.test"] = { A: ["127.0.0.3", "127.0.0.4"] };
    await until(
      () => channel.stats?.().connections.some(({ peer, state }) => peer === c!.address && state === "ready") === true,
    );
    await until(() => channel.stats?.().connections.length === 2);
    expect(await answers(client, 40)).toEqual({ [b!.address]: 20, [c!.address]: 20 });
  });

  test("pick_first is the default: all calls to the first that answers, the next when that is gone", async () => {
    const [a, b] = await pods(2);
    const dns = await names();
    dns.names["web.test"] = { A: ["127.0.0.2", "127.0.0.3"] };
    const { client } = open(`dns://${dns.address}/web.test:${a!.port}`);
    expect(await answers(client, 10)).toEqual({ [a!.address]: 10 });
    await a!.shutdown();
    expect(await answers(client, 10)).toEqual({ [b!.address]: 10 });
  });

  test("a stream at a server that leaves the name goes on to its end", async () => {
    const dns = await names();
    dns.names["web.test"] = { A: ["127.0.0.2"] };
    const chat = {
      async *chat(call: AsyncIterable<{ value: string }>) {
        for await (const { value } of call) yield { value };
      },
    };
    const a = await trialServer("127.0.0.2:0", chat);
    const b = await trialServer(`127.0.0.3:${a.port}`, chat);
    const { client, channel } = open(`dns://${dns.address}/web.test:${a.port}`, {
      loadBalancing: "least_request",
      dns: { refreshMs: 20 },
    });
    const stream = client.chat();
    await stream.send({ value: "before" });
    expect((await stream.recv())?.value).toBe("before");
    dns.names["web.test"] = { A: ["127.0.0.3"] };
    await until(
      () => channel.stats?.().connections.some(({ peer, state }) => peer === b.address && state === "ready") === true,
    );
    expect(await answers(client, 5)).toEqual({ [b.address]: 5 });
    await stream.send({ value: "after" });
    expect((await stream.recv())?.value).toBe("after");
    await stream.closeSend();
    expect(await stream.recv()).toBeUndefined();
    expect((await stream.status).code).toBe(status.OK);
  });

  test("a name that does not exist fails calls, and those that wait go on once it does", async () => {
    const [a] = await pods(1);
    const dns = await names();
    const { client } = open(`dns://${dns.address}/web.test:${a!.port}`);
    const error = await rejection(client.greet({ value: "" }));
    expect(error).toMatchObject({ code: status.UNAVAILABLE, details: expect.stringContaining("web.test") });
    const waits = client.greet({ value: "" }, { waitForReady: true });
    dns.names["web.test"] = { A: ["127.0.0.2"] };
    expect((await waits).value).toBe(a!.address);
  });

  test("a deadline while the name is looked up says so", async () => {
    const socket = createSocket("udp4").bind(0, "127.0.0.1");
    await once(socket, "listening");
    onTestFinished(() => void socket.close());
    const { client } = open(`dns://127.0.0.1:${socket.address().port}/web.test:1`);
    const error = await rejection(client.greet({ value: "" }, { timeoutMs: 50 }));
    expect(error.code).toBe(status.DEADLINE_EXCEEDED);
    expect(error.details).toMatch(/waiting for the addresses of dns:.*web\.test:1$/);
  });

  test("SRV: ports and weights; TXT: the policy, where it is asked for", async () => {
    const [a, b] = [await trialServer("127.0.0.1:0"), await trialServer("127.0.0.1:0")];
    const dns = await names();
    dns.names["_grpc._tcp.web.test"] = {
      SRV: [
        { target: "a.test", port: a.port, priority: 1, weight: 10 },
        { target: "b.test", port: b.port, priority: 1, weight: 10 },
      ],
    };
    dns.names["a.test"] = { A: ["127.0.0.1"] };
    dns.names["b.test"] = { A: ["127.0.0.1"] };
    dns.names["_grpc_config.web.test"] = {
      TXT: [`grpc_config=${JSON.stringify([{ serviceConfig: { loadBalancingConfig: [{ round_robin: {} }] } }])}`],
    };
    const { client, channel } = open(`dns://${dns.address}/web.test`, { dns: { srv: true, serviceConfig: true } });
    await allReady(channel, 2);
    expect(await answers(client, 20)).toEqual({ [a.address]: 10, [b.address]: 10 });
  });

  test("certificates are checked against the target's name, not against addresses; :authority is the target's", async () => {
    const { ca, server } = await certificates();
    const seen: (string | undefined)[] = [];
    const handlers = {
      greet: (_: unknown, call: { connection: { authority: string | undefined } }) => {
        seen.push(call.connection.authority);
        return { value: "" };
      },
    };
    const { port } = await trialServer("127.0.0.2:0", handlers, { tls: server });
    const dns = await names();
    dns.names["localhost"] = { A: ["127.0.0.2"] };
    dns.names["other.test"] = { A: ["127.0.0.2"] };
    const named = open(`dns://${dns.address}/localhost:${port}`, { tls: { ca } });
    await named.client.greet({ value: "" });
    expect(seen).toEqual([`localhost:${port}`]);
    const other = open(`dns://${dns.address}/other.test:${port}`, { tls: { ca } });
    expect((await rejection(other.client.greet({ value: "" }))).details).toContain("other.test");
    const told = open(`dns://${dns.address}/other.test:${port}`, { tls: { ca, servername: "localhost" } });
    await told.client.greet({ value: "" });
    expect(seen).toEqual([`localhost:${port}`, `other.test:${port}`]);
  });
});

describe("a list of addresses", () => {
  test("one that refuses connections costs no call, and is used once it is there", async () => {
    const a = await trialServer("127.0.0.1:0");
    const gone = await trialServer("127.0.0.1:0");
    await gone.shutdown();
    const { client, channel } = open([`http://${a.address}`, `http://${gone.address}`], {
      loadBalancing: "round_robin",
    });
    expect(await answers(client, 20)).toEqual({ [a.address]: 20 });
    const back = await trialServer(gone.address);
    await allReady(channel, 2);
    expect(await answers(client, 20)).toEqual({ [a.address]: 10, [back.address]: 10 });
  });

  test("one that accepts and says nothing holds pick_first up for a moment alone", async () => {
    const silent = createServer((socket) => void socket.on("error", () => {})).listen(0, "127.0.0.1");
    await once(silent, "listening");
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as { port: number }; // it listens by TCP
    const b = await trialServer("127.0.0.1:0");
    const { client } = open([`http://127.0.0.1:${port}`, `http://${b.address}`]);
    expect(await answers(client, 3)).toEqual({ [b.address]: 3 });
  });

  test("where none answers, calls fail with each one's reason; waitForReady waits; resetBackoff tries at once", async () => {
    const [a, b] = [await trialServer("127.0.0.1:0"), await trialServer("127.0.0.1:0")];
    await Promise.all([a.shutdown(), b.shutdown()]);
    const { client, channel } = open([`http://${a.address}`, `http://${b.address}`], {
      loadBalancing: "round_robin",
      initialBackoffMs: 1_000_000,
      maxBackoffMs: 1_000_000,
    });
    const error: RpcError = await rejection(client.greet({ value: "" }));
    expect(error.code).toBe(status.UNAVAILABLE);
    expect(error.details).toContain(a.address);
    expect(error.details).toContain(b.address);
    const waits = client.greet({ value: "" }, { waitForReady: true });
    const back = await trialServer(a.address);
    channel.resetBackoff();
    expect((await waits).value).toBe(back.address);
  });

  test("a call that waits for room at a server goes elsewhere when that leaves the list", async () => {
    let begun = 0;
    const held = new Promise<void>((resolve) => onTestFinished(() => resolve()));
    const slow = {
      async chat() {
        begun++;
        await held;
      },
    };
    const narrow = { transport: http2Transport({ maxConcurrentStreams: 1 }) };
    const a = await trialServer("127.0.0.1:0", slow, {}, narrow);
    const b = await trialServer("127.0.0.1:0");
    let push: ResolverListener | undefined;
    const addresses = (...servers: TrialServer[]) => servers.map(({ port }) => ({ host: "127.0.0.1", port }));
    const { client, channel } = open("registry:///web", {
      loadBalancing: "round_robin",
      maxConnections: 1,
      resolver: (_, listener) => {
        push = listener;
        listener.onResult({ addresses: addresses(a) });
        return { close() {} };
      },
    });
    const stream = client.chat();
    await until(() => begun === 1);
    const waits = client.greet({ value: "" });
    await until(() => channel.stats?.().waitingCalls === 1);
    push?.onResult({ addresses: addresses(b) });
    expect((await waits).value).toBe(b.address);
    stream.cancel();
  });

  test("a server without room does not hold up calls that another can take", async () => {
    const held = new Promise<void>((resolve) => onTestFinished(() => resolve()));
    let begun = 0;
    const slow = {
      async chat() {
        begun++;
        await held;
      },
    };
    const narrow = { transport: http2Transport({ maxConcurrentStreams: 1 }) };
    const [a, b] = [await trialServer("127.0.0.1:0", slow, {}, narrow), await trialServer("127.0.0.1:0")];
    const { client, channel } = open([`http://${a.address}`, `http://${b.address}`], {
      loadBalancing: "round_robin",
      maxConnections: 1,
    });
    await allReady(channel, 2);
    const streams = [client.chat(), client.chat()]; // one for each; that of b ends at once
    await until(() => begun === 1);
    expect(await answers(client, 20)).toEqual({ [b.address]: 20 });
    for (const stream of streams) stream.cancel();
  });

  test("ipv4: names several", async () => {
    const [a, b] = [await trialServer("127.0.0.1:0"), await trialServer("127.0.0.1:0")];
    const { client, channel } = open(`ipv4:${a.address},${b.address}`, { loadBalancing: "round_robin" });
    await allReady(channel, 2);
    expect(await answers(client, 10)).toEqual({ [a.address]: 5, [b.address]: 5 });
  });

  test("closing lets calls finish for a while, with servers of their own, then ends them", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = { greet: async () => held.then(() => ({ value: "late" })) };
    const [a, b] = [await trialServer("127.0.0.1:0", slow), await trialServer("127.0.0.1:0", slow)];
    const { client, channel } = open([`http://${a.address}`, `http://${b.address}`], { loadBalancing: "round_robin" });
    await allReady(channel, 2);
    const calls = [client.greet({ value: "" }), client.greet({ value: "" })];
    const closed = channel.close({ graceMs: 60_000 });
    release();
    expect((await Promise.all(calls)).map(({ value }) => value)).toEqual(["late", "late"]);
    await closed;
    expect(channel.state).toBe("shutdown");
    expect(channel.stats?.().connections).toEqual([]);
    expect((await rejection(client.greet({ value: "" }))).code).toBe(status.UNAVAILABLE);
  });

  test("is idle without calls for a while, and connects again for the next", async () => {
    const a = await trialServer("127.0.0.1:0");
    const { client, channel } = open([`http://${a.address}`], {
      loadBalancing: "round_robin",
      clientIdleTimeoutMs: 40,
    });
    for (let round = 0; round < 2; round++) {
      expect(await answers(client, 1)).toEqual({ [a.address]: 1 });
      for await (const state of channel.watchState()) if (state === "idle") break;
    }
  });
});

describe("keepalive", () => {
  test("a server that finds pings too many is pinged half as often, over whatever connection (gRFC A8)", async () => {
    const transport = http2Transport({ permitKeepaliveTimeMs: 100 });
    const silent = {
      async chat(call: { signal: AbortSignal }): Promise<void> {
        await once(call.signal, "abort");
      },
    };
    const a = await trialServer("127.0.0.1:0", silent, {}, { transport });
    const { client } = open([`http://${a.address}`], { keepaliveTimeMs: 10 });
    const ends: string[] = [];
    for (let stays = false; !stays; ) {
      const chat = client.chat();
      const lives = new Promise<string>((resolve) => setTimeout(resolve, 1_500, "lives"));
      const end = await Promise.race([chat.status.then(({ details }) => details), lives]);
      stays = end === "lives";
      if (stays) chat.cancel();
      else ends.push(end);
    }
    // 10 ms, 20, 40, 80, and perhaps 160 where timers are late.
    expect(ends.length).toBeLessThanOrEqual(5);
    for (const end of ends) expect(end).toContain("too_many_pings");
  });
});

describe("health and outliers, over connections", () => {
  test("a server that says NOT_SERVING gets no calls until it says SERVING", async () => {
    const [a, b] = [await trialServer("127.0.0.1:0"), await trialServer("127.0.0.1:0")];
    a.health.set("contract.v1.Trial", "SERVING");
    b.health.set("contract.v1.Trial", "NOT_SERVING");
    const { client, channel } = open([`http://${a.address}`, `http://${b.address}`], {
      loadBalancing: "round_robin",
      healthCheck: { serviceName: "contract.v1.Trial" },
    });
    expect(await answers(client, 10)).toEqual({ [a.address]: 10 });
    expect(b.served()).toBe(0);
    b.health.set("contract.v1.Trial", "SERVING");
    while (b.served() === 0) await client.greet({ value: "" });
    a.health.set("contract.v1.Trial", "NOT_SERVING");
    let inARow = 0;
    for (let before = a.served(); inARow < 5; inARow++) {
      await client.greet({ value: "" });
      if (a.served() > before) inARow = 0;
      before = a.served();
    }
    expect(await answers(client, 10)).toEqual({ [b.address]: 10 });
    await channel.close({ graceMs: 60_000 }); // the checks are no calls that it waits for
  });

  test("a server whose calls fail is ejected, so that calls succeed", async () => {
    const bad = {
      greet: () => {
        throw new Error("broken");
      },
    };
    const [a, b] = [await trialServer("127.0.0.1:0"), await trialServer("127.0.0.1:0", bad)];
    const { client, channel } = open([`http://${a.address}`, `http://${b.address}`], {
      loadBalancing: "round_robin",
      outlierDetection: {
        intervalMs: 20,
        baseEjectionTimeMs: 60_000,
        maxEjectionPercent: 50,
        failurePercentage: { threshold: 50, minimumHosts: 2, requestVolume: 2 },
      },
    });
    await allReady(channel, 2);
    let good = 0;
    // Two calls in turn at least reach the bad one while it is not ejected.
    while (good < 10) {
      good = await client.greet({ value: "" }).then(
        () => good + 1,
        () => 0,
      );
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await answers(client, 20)).toEqual({ [a.address]: 20 });
  });
});

describe("a resolver of one's own", () => {
  test("pushes addresses at any time, for any scheme, and is closed with the channel", async () => {
    const [a, b] = [await trialServer("127.0.0.1:0"), await trialServer("127.0.0.1:0")];
    const told: string[] = [];
    let push: ResolverListener | undefined;
    const resolver = (target: string, listener: ResolverListener): Resolver => {
      told.push(target);
      push = listener;
      listener.onResult({ addresses: [{ host: "127.0.0.1", port: a.port }] });
      return { close: () => void told.push("closed") };
    };
    const { client, channel } = open("registry:///web", { resolver, loadBalancing: "round_robin" });
    expect(told).toEqual([]);
    expect(await answers(client, 3)).toEqual({ [a.address]: 3 });
    push?.onResult({ addresses: [{ host: "127.0.0.1", port: b.port }] });
    expect(await answers(client, 3)).toEqual({ [b.address]: 3 });
    push?.onError("the registry is down");
    expect(await answers(client, 3)).toEqual({ [b.address]: 3 });
    push?.onResult({ addresses: [] });
    expect((await rejection(client.greet({ value: "" }))).details).toBe("registry:///web has no addresses");
    await channel.close();
    expect(told).toEqual(["registry:///web", "closed"]);
  });

  test("what it throws ends calls with INTERNAL, and it is made anew", async () => {
    const a = await trialServer("127.0.0.1:0");
    let broken = true;
    const { client } = open("registry:///web", {
      resolver: (_, listener) => {
        if (broken) throw new Error("no registry");
        listener.onResult({ addresses: [{ host: "127.0.0.1", port: a.port }] });
        return { close() {} };
      },
    });
    expect(await rejection(client.greet({ value: "" }))).toMatchObject({
      code: status.INTERNAL,
      details: "the resolver or the load balancer threw: no registry",
    });
    broken = false;
    expect((await client.greet({ value: "" }, { waitForReady: true })).value).toBe(a.address);
  });

  test("what a policy throws, or picks that is none of its subchannels, ends the call alone (P20)", async () => {
    const a = await trialServer("127.0.0.1:0");
    let picks = 0;
    const { client } = open([`http://${a.address}`], {
      loadBalancing: (host) => ({
        updateAddresses([address]) {
          const subchannel = host.createSubchannel(address!, {
            onState: () => {
              if (subchannel.state !== "ready") return;
              host.update("ready", {
                pick() {
                  picks++;
                  if (picks === 1) throw new Error("cannot choose");
                  return picks === 2 ? { ...subchannel } : subchannel;
                },
              });
            },
          });
          subchannel.connect();
        },
        connect() {},
        resetBackoff() {},
        close() {},
      }),
    });
    expect((await rejection(client.greet({ value: "" }))).details).toBe("the load balancer threw: cannot choose");
    expect((await rejection(client.greet({ value: "" }))).code).toBe(status.INTERNAL);
    expect((await client.greet({ value: "" })).value).toBe(a.address);
  });
});

describe("options (P17)", () => {
  test.each([
    ["http://a:1", { loadBalancing: "random" }, 'loadBalancing knows no "random"; it takes pick_first'],
    ["http://a:1", { loadBalancing: 3 }, "loadBalancing knows no 3"],
    ["dns:a", { dns: { refresh: 1 } }, 'dns knows no option "refresh"'],
    ["dns:a", { dns: { refreshMs: 0 } }, "dns.refreshMs must be a number of milliseconds above 0: 0"],
    ["dns:10.0.0.1:1", { dns: {} }, 'dns has no meaning for "dns:10.0.0.1:1"'],
    ["unix:/a", { dns: {} }, 'dns has no meaning for "unix:/a"'],
    ["dns:a", { dns: {}, resolver: () => ({ close() {} }) }, "dns has no meaning beside a resolver of your own"],
    ["dns:a", { resolver: {} }, "resolver is to be a function"],
    ["dns:a", { healthCheck: { service: "" } }, 'healthCheck knows no option "service"'],
    ["dns:a", { healthCheck: {} }, "healthCheck.serviceName must be a text"],
    [
      "dns:a",
      { loadBalancing: "pick_first", healthCheck: { serviceName: "" } },
      "healthCheck needs a policy that spreads calls",
    ],
    ["dns:a", { outlierDetection: {} }, "outlierDetection needs a policy that spreads calls"],
    [
      "dns:a",
      { loadBalancing: "round_robin", outlierDetection: { interval: 1 } },
      'outlierDetection knows no option "interval"',
    ],
    ["dns:a", { loadBalacing: "round_robin" }, 'an HTTP/2 channel knows no option "loadBalacing"'],
  ])("%s %j is refused, with the reason", (target, options, reason) => {
    expect(() => connect(target, options as ConnectOptions)).toThrow(TypeError);
    expect(() => connect(target, options as ConnectOptions)).toThrow(reason);
  });
});

describe("a process with a channel that is not closed", () => {
  beforeAll(() => buildProgram("client-program"));

  test.each([
    ["pick_first", undefined],
    ["round_robin", undefined],
    ["round_robin", { serviceName: "" }],
  ])("ends by itself: %s, health check %j", async (loadBalancing, healthCheck) => {
    const a = await trialServer("127.0.0.1:0");
    const gone = await trialServer("127.0.0.1:0");
    await gone.shutdown();
    const targets = [`http://${a.address}`, `http://${gone.address}`];
    const { line, ended } = await runProgram(
      "client-program",
      JSON.stringify([targets, { loadBalancing, healthCheck }]),
    );
    expect(line).toBe(a.address);
    expect(await ended).toBe(0);
  });
});
