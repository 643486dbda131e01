import { once } from "node:events";
import { createServer as createHttp2Server } from "node:http2";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type Address,
  type Channel,
  type ConnectOptions,
  connect,
  type ResolverListener,
  status,
} from "../../src/runtime/index.js";
import { rejection } from "../contract/harness/harness.js";
import { TrialClient } from "../contract/harness/trial-service.js";
import { NameServer } from "./support/name-server.js";
import { trialServer } from "./support/trial-server.js";
import { until } from "./support/until.js";

const FAST = { initialBackoffMs: 5, maxBackoffMs: 20 };

interface Pushed {
  readonly channel: Channel;
  readonly client: TrialClient;
  push(addresses: unknown): void;
  /** How often a resolver was made. */
  made(): number;
}

/** A channel whose addresses the test says. */
function pushed(options: ConnectOptions = {}): Pushed {
  let listener: ResolverListener | undefined;
  let made = 0;
  let last: unknown;
  const push = (addresses: unknown): void => {
    last = addresses;
    listener?.onResult({ addresses: addresses as readonly Address[] }); // what it is, is the test's matter
  };
  const channel = connect("test:///fleet", {
    ...FAST,
    loadBalancing: "round_robin",
    ...options,
    resolver: (_, heard) => {
      made++;
      listener = heard;
      if (last !== undefined) push(last);
      return { close() {} };
    },
  });
  onTestFinished(() => channel.close());
  return { channel, client: new TrialClient(channel), push, made: () => made };
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port; // it listens by TCP
}

/** Takes connections, and does with each what the test says. */
async function rawPort(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onSocket(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return await listening(server);
}

const v4 = (port: number) => ({ host: "127.0.0.1", port });

async function greetings(client: TrialClient, count: number): Promise<Record<string, number>> {
  const ends: Record<string, number> = {};
  for (let call = 0; call < count; call++) {
    const end = await client.greet({ value: "" }).then(
      () => "OK",
      (error: { code: status }) => status[error.code] ?? "?",
    );
    ends[end] = (ends[end] ?? 0) + 1;
  }
  return ends;
}

describe("a resolver that says strange things", () => {
  test.each([undefined, null, [null], [undefined], [1], [{ addresses: [null] }]])(
    "%j ends calls with INTERNAL, not the process, and it goes on once it says addresses",
    async (strange) => {
      const { port } = await trialServer("127.0.0.1:0");
      const { client, channel, push, made } = pushed();
      channel.connect();
      await until(() => made() === 1);
      push(strange ?? "nothing at all");
      const error = await rejection(client.greet({ value: "" }));
      expect(error.code).toBe(status.INTERNAL);
      push([v4(port)]);
      await until(() => channel.state === "ready");
      expect(await greetings(client, 2)).toEqual({ OK: 2 });
    },
  );

  test("an empty list fails calls, and the next list serves them; duplicates are one", async () => {
    const { port } = await trialServer("127.0.0.1:0");
    const { client, channel, push } = pushed();
    for (let round = 0; round < 20; round++) {
      push([]);
      expect(await greetings(client, 1)).toEqual(round === 0 ? { UNAVAILABLE: 1 } : { UNAVAILABLE: 1 });
      push([v4(port), v4(port), { ...v4(port), weight: 2 }]);
      expect((await client.greet({ value: "" }, { waitForReady: true })).value).toBe(`127.0.0.1:${port}`);
      expect(channel.stats?.().connections.filter(({ state }) => state !== "closing")).toHaveLength(1);
    }
  });

  test("a thousand lists: what is left are connections to the last one's servers", async () => {
    const servers = await Promise.all([1, 2, 3, 4, 5].map(() => trialServer("127.0.0.1:0")));
    const { client, channel, push } = pushed();
    let lost = 0;
    for (let change = 0; change < 1_000; change++) {
      push([0, 1, 2].map((offset) => v4(servers[(change + offset) % 5]!.port)));
      // One call in four lists, so that connections are of all ages when they go.
      if (change % 4 === 0) await client.greet({ value: "" }, { waitForReady: true }).catch(() => lost++);
    }
    push([v4(servers[0]!.port), v4(servers[1]!.port)]);
    await until(() => {
      const connections = channel.stats?.().connections ?? [];
      return connections.length === 2 && connections.every(({ state }) => state === "ready");
    });
    expect(lost).toBe(0);
    expect(await greetings(client, 4)).toEqual({ OK: 4 });
  });

  test("ten thousand addresses, of which one answers", async () => {
    const { port } = await trialServer("127.0.0.1:0");
    const closed = await listening(createServer());
    const { client, push, channel } = pushed({ initialBackoffMs: 60_000, maxBackoffMs: 60_000 });
    // Nobody listens on the others: 127.0.0.0/8 is all this machine.
    const others = Array.from({ length: 10_000 }, (_, n) => ({ host: `127.1.${n >> 8}.${n & 255}`, port: closed }));
    push([...others, v4(port)]);
    expect((await client.greet({ value: "" }, { waitForReady: true })).value).toBe(`127.0.0.1:${port}`);
    push([v4(port)]);
    await until(() => channel.stats?.().connections.length === 1);
  }, 120_000);
});

describe("servers that are of no use, beside one that is", () => {
  test("one that says GOAWAY at once, for ever: it is tried by the backoff, and costs no call", async () => {
    let connections = 0;
    const server = createHttp2Server();
    server.on("session", (session) => {
      connections++;
      session.on("error", () => {});
      session.goaway(0);
    });
    const storm = await listening(server as unknown as Server); // it is one of node:net
    const { port } = await trialServer("127.0.0.1:0");
    const { client, push, channel } = pushed({ initialBackoffMs: 100, maxBackoffMs: 60_000 });
    push([v4(storm), v4(port)]);
    expect(await greetings(client, 300)).toEqual({ OK: 300 });
    await until(() => connections >= 2);
    // Waits of 0.1, 0.16, 0.26 … s, a fifth shorter at the most: a storm would be thousands.
    expect(connections).toBeLessThan(20);
    expect(channel.state).toBe("ready");
  });

  test("one that takes connections and says nothing; one that hangs up at once", async () => {
    const silent = await rawPort(() => {});
    const rude = await rawPort((socket) => socket.destroy());
    const { port } = await trialServer("127.0.0.1:0");
    const { client, push } = pushed({ connectTimeoutMs: 100 });
    push([v4(silent), v4(rude), v4(port)]);
    expect(await greetings(client, 300)).toEqual({ OK: 300 });
  });

  test("where all take connections and say nothing, calls fail with the reason once that takes too long", async () => {
    const silent = await rawPort(() => {});
    const { client, push } = pushed({ connectTimeoutMs: 100 });
    push([v4(silent)]);
    expect(await rejection(client.greet({ value: "" }))).toMatchObject({
      code: status.UNAVAILABLE,
      details: expect.stringContaining("no connection within 100 ms"),
    });
  });

  test("all go, and come back: calls fail meanwhile, those that wait do not, and all is as before", async () => {
    const [a, b] = [await trialServer("127.0.0.1:0"), await trialServer("127.0.0.1:0")];
    const { client, push, channel } = pushed();
    push([v4(a.port), v4(b.port)]);
    channel.connect();
    for (let round = 0; round < 3; round++) {
      const [one, two] = round === 0 ? [a, b] : [await trialServer(a.address), await trialServer(b.address)];
      await until(() => channel.stats?.().connections.filter(({ state }) => state === "ready").length === 2);
      expect(await greetings(client, 10)).toEqual({ OK: 10 });
      await Promise.all([one.shutdown(), two.shutdown()]);
      await until(() => channel.state === "transient_failure");
      expect(await greetings(client, 3)).toEqual({ UNAVAILABLE: 3 });
    }
    const waits = Array.from({ length: 50 }, () => client.greet({ value: "" }, { waitForReady: true }));
    await trialServer(b.address);
    await Promise.all(waits);
  });
});

describe("a DNS server that is of no use", () => {
  test.each([
    ["SERVFAIL", 2],
    ["REFUSED", 5],
  ])("%s: calls fail with the name and the reason, then go on", async (_, rcode) => {
    const dns = await NameServer.start();
    onTestFinished(() => dns.stop());
    dns.names["web.test"] = { rcode };
    const { port } = await trialServer("127.0.0.1:0");
    const channel = connect(`dns://${dns.address}/web.test:${port}`, { ...FAST, loadBalancing: "round_robin" });
    onTestFinished(() => channel.close());
    const client = new TrialClient(channel);
    const error = await rejection(client.greet({ value: "" }));
    expect(error).toMatchObject({ code: status.UNAVAILABLE, details: expect.stringContaining("web.test") });
    dns.names["web.test"] = { A: ["127.0.0.1"] };
    expect((await client.greet({ value: "" }, { waitForReady: true })).value).toBe(`127.0.0.1:${port}`);
    // What was known stays, whatever it says now.
    dns.names["web.test"] = { rcode };
    channel.resetBackoff();
    expect(await greetings(client, 3)).toEqual({ OK: 3 });
  });
});

describe("close()", () => {
  test.each(["idle", "resolving", "connecting", "transient_failure", "ready"] as const)(
    "%s: resolves, open calls and those that wait end with a status, and later ones with UNAVAILABLE",
    async (state) => {
      const silent = await rawPort(() => {});
      const dead = await rawPort(() => {});
      const { port } = await trialServer("127.0.0.1:0", { greet: () => new Promise(() => {}) });
      const { client, push, channel } = pushed({
        initialBackoffMs: 60_000,
        maxBackoffMs: 60_000,
        connectTimeoutMs: 50,
      });
      const ends: Promise<string>[] = [];
      const call = (): void => {
        const made = client.greet({ value: "" }, { waitForReady: true });
        ends.push(
          made.then(
            () => "OK",
            (error: { code: status }) => status[error.code] ?? "?",
          ),
        );
      };
      if (state !== "idle") call();
      if (state === "connecting") push([v4(silent)]);
      if (state === "transient_failure") push([v4(dead)]);
      if (state === "ready") push([v4(port)]);
      await until(() => channel.state === (state === "resolving" ? "connecting" : state));
      await channel.close();
      expect(channel.state).toBe("shutdown");
      expect(await Promise.all(ends)).toEqual(state === "idle" ? [] : ["CANCELLED"]);
      expect(await greetings(client, 1)).toEqual({ UNAVAILABLE: 1 });
      expect(channel.stats?.()).toMatchObject({ openCalls: 0, waitingCalls: 0, connections: [] });
      await channel.close();
    },
  );
});
