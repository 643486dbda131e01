import { describe, expect, onTestFinished, test } from "vitest";
import {
  type Channel,
  connect,
  type ResolverFactory,
  type ResolverListener,
  RpcError,
  Server,
  type ServiceConfig,
  status,
} from "../../../src/runtime/index.js";
import { rejection } from "../../contract/harness/harness.js";
import { TrialClient, type TrialHandlers, TrialService, withDefaults } from "../../contract/harness/trial-service.js";
import { RETRY, until } from "./setting.js";

const EVERY = [{}];

/** So many servers; each knows its number. */
async function servers(count: number, handlers: (number: number) => Partial<TrialHandlers>): Promise<number[]> {
  const ports: number[] = [];
  for (let number = 0; number < count; number++) {
    const server = new Server({ onError: () => {} }).add(TrialService, withDefaults(handlers(number)));
    onTestFinished(() => server.shutdown({ graceMs: 0 }));
    ports.push((await server.listen("127.0.0.1:0")).port);
  }
  return ports;
}

function opened(channel: Channel): { channel: Channel; client: TrialClient } {
  onTestFinished(() => channel.close());
  return { channel, client: new TrialClient(channel) };
}

/** Waits until the channel has connections to so many servers. */
async function connected(channel: Channel, count: number): Promise<void> {
  channel.connect();
  await until(() => channel.stats?.().connections.filter(({ state }) => state === "ready").length === count);
}

const urls = (ports: number[]) => ports.map((port) => `http://127.0.0.1:${port}`);

test("each attempt may go to another server: one of three that fails costs no call", async () => {
  const calls = [0, 0, 0];
  const ports = await servers(3, (number) => ({
    greet() {
      calls[number] = (calls[number] ?? 0) + 1;
      if (number === 1) throw new RpcError(status.UNAVAILABLE, "always");
      return { value: `${number}` };
    },
  }));
  const serviceConfig: ServiceConfig = {
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: [{ name: EVERY, retryPolicy: { ...RETRY, maxAttempts: 2 } }],
  };
  const { client, channel } = opened(connect(urls(ports), { serviceConfig }));
  await connected(channel, 3);
  const answers: string[] = [];
  for (let i = 0; i < 90; i++) answers.push((await client.greet({ value: "" })).value);
  expect(new Set(answers)).toEqual(new Set(["0", "2"]));
  expect(channel.stats?.()).toMatchObject({ openCalls: 0, calls: { started: 90, succeeded: 90, failed: 0 } });
  expect(channel.stats?.().retries?.retries).toBe(calls[1]);
  expect(calls[1]).toBe(30);
});

test.each(["round_robin", "least_request"] as const)(
  "%s: one of three that fails every call costs none of many at once, with two attempts",
  async (loadBalancing) => {
    const ports = await servers(3, (number) => ({
      async greet() {
        // Answers in any order, so that the turns of a call's attempts are not those of one caller.
        await new Promise((resolve) => setImmediate(resolve));
        if (number === 1) throw new RpcError(status.UNAVAILABLE, "always");
        return { value: `${number}` };
      },
    }));
    const serviceConfig = { methodConfig: [{ name: EVERY, retryPolicy: { ...RETRY, maxAttempts: 2 } }] };
    const { client, channel } = opened(connect(urls(ports), { loadBalancing, serviceConfig }));
    await connected(channel, 3);
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 100 }, () => client.greet({ value: "" })));
    }
    expect(channel.stats?.()).toMatchObject({ openCalls: 0, calls: { started: 1_000, succeeded: 1_000, failed: 0 } });
    expect(channel.stats?.().retries?.retries).toBeGreaterThan(100);
  },
);

test("a hedged call is at another server each time, while there is one", async () => {
  const seen = [0, 0, 0];
  const ports = await servers(3, (number) => ({
    greet: (_, { signal }) => {
      seen[number] = (seen[number] ?? 0) + 1;
      return number === 2
        ? { value: "2" }
        : new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  }));
  const hedgingPolicy = { maxAttempts: 3, hedgingDelay: "0.001s" };
  const name = [{ service: "contract.v1.Trial", method: "Greet" }];
  const serviceConfig = { loadBalancingConfig: [{ least_request: {} }], methodConfig: [{ name, hedgingPolicy }] };
  const { client, channel } = opened(connect(urls(ports), { serviceConfig }));
  await connected(channel, 3);
  for (let i = 0; i < 20; i++) expect((await client.greet({ value: "" })).value).toBe("2");
  expect(seen[2]).toBe(20);
});

test("a call says which server it went to", async () => {
  const ports = await servers(2, (number) => ({ greet: () => ({ value: `${number}` }) }));
  const told: unknown[] = [];
  const { client, channel } = opened(
    connect(urls(ports), {
      loadBalancing: "round_robin",
      interceptors: [
        async (call, next) => {
          await next();
          told.push(call.connection?.server);
        },
      ],
    }),
  );
  await connected(channel, 2);
  for (let i = 0; i < 2; i++) {
    const { value } = await client.greet({ value: "" });
    expect(told.pop()).toBe(`127.0.0.1:${ports[Number(value)]}`);
  }
});

test("a hedged call is answered by another server than the one that hangs", async () => {
  const ports = await servers(2, (number) => ({
    greet: (_, { signal }) =>
      number === 0
        ? new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
        : { value: "the other" },
  }));
  const hedgingPolicy = { maxAttempts: 2, hedgingDelay: "0.02s" };
  const name = [{ service: "contract.v1.Trial", method: "Greet" }];
  const serviceConfig = { loadBalancingConfig: [{ round_robin: {} }], methodConfig: [{ name, hedgingPolicy }] };
  const { client, channel } = opened(connect(urls(ports), { serviceConfig }));
  await connected(channel, 2);
  for (let i = 0; i < 6; i++) expect((await client.greet({ value: "" })).value).toBe("the other");
});

test("a policy in the service config makes one of many servers of a single target, too", async () => {
  const [port = 0] = await servers(1, () => ({ greet: () => ({ value: "here" }) }));
  for (const serviceConfig of [
    { loadBalancingPolicy: "round_robin" },
    '{"loadBalancingConfig":[{"round_robin":{}}]}',
  ]) {
    const { client } = opened(connect(`http://127.0.0.1:${port}`, { serviceConfig }));
    expect((await client.greet({ value: "" })).value).toBe("here");
  }
  const unknown = { loadBalancingConfig: [{ no_such: {} }] };
  const { client } = opened(connect(`http://127.0.0.1:${port}`, { serviceConfig: unknown }));
  expect((await rejection(client.greet({ value: "" }))).details).toContain("no_such");
});

describe("a config that the resolver brings", () => {
  /** A resolver that says what the test says, when it says it. */
  function spoken(): {
    resolver: ResolverFactory;
    say: (config: unknown, ...ports: number[]) => void;
    asked: () => boolean;
    fail(): void;
  } {
    let listener: ResolverListener | undefined;
    return {
      resolver: (_, given) => {
        listener = given;
        return { close() {} };
      },
      say: (serviceConfig, ...ports) =>
        listener?.onResult({ addresses: ports.map((port) => ({ host: "127.0.0.1", port })), serviceConfig }),
      asked: () => listener !== undefined,
      fail: () => listener?.onError("nobody knows"),
    };
  }
  const retrying = (maxAttempts: number): ServiceConfig => ({
    methodConfig: [{ name: EVERY, retryPolicy: { ...RETRY, maxAttempts } }],
  });
  async function failingServer(): Promise<{ port: number; calls: () => number }> {
    let calls = 0;
    const [port = 0] = await servers(1, () => ({
      greet() {
        throw new RpcError(status.UNAVAILABLE, `${++calls}`);
      },
    }));
    return { port, calls: () => calls };
  }
  const countOf = async (client: TrialClient, calls: () => number): Promise<number> => {
    const before = calls();
    await rejection(client.greet({ value: "" }));
    return calls() - before;
  };

  test("holds for the first call already, and from then on until another comes", async () => {
    const { port, calls } = await failingServer();
    const { resolver, say, asked } = spoken();
    const { client } = opened(connect("trial:///fleet", { resolver }));
    const first = countOf(client, calls);
    await until(asked);
    say(retrying(3), port);
    expect(await first).toBe(3);
    expect(await countOf(client, calls)).toBe(3);
    say(retrying(2), port);
    expect(await countOf(client, calls)).toBe(2);
    say({ methodConfig: [{ name: EVERY, timeout: "3c" }] }, port); // wrong: the earlier stays
    expect(await countOf(client, calls)).toBe(2);
    say(undefined, port);
    expect(await countOf(client, calls)).toBe(1);
  });

  test("outranks that of the options, which holds where it brings none", async () => {
    const { port, calls } = await failingServer();
    const { resolver, say, asked } = spoken();
    const { client } = opened(connect("trial:///fleet", { resolver, serviceConfig: retrying(4) }));
    const first = countOf(client, calls);
    await until(asked);
    say(undefined, port);
    expect(await first).toBe(4);
    say(retrying(2), port);
    expect(await countOf(client, calls)).toBe(2);
  });

  test("a resolver that finds nothing: calls end with its error", async () => {
    const { resolver, fail, asked } = spoken();
    const { client } = opened(connect("trial:///fleet", { resolver }));
    const first = rejection(client.greet({ value: "" }));
    await until(asked);
    fail();
    expect(await first).toMatchObject({ code: status.UNAVAILABLE, details: expect.stringContaining("nobody knows") });
  });

  test("a channel that is closed before the resolver says anything ends its calls", async () => {
    const { resolver, asked } = spoken();
    const { client, channel } = opened(connect("trial:///fleet", { resolver }));
    const first = rejection(client.greet({ value: "" }));
    await until(asked);
    await channel.close();
    expect(await first).toMatchObject({ code: status.CANCELLED, details: "the channel was closed" });
    expect((await rejection(client.greet({ value: "" }))).code).toBe(status.UNAVAILABLE);
  });
});
