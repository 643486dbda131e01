import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Channel, type ConnectOptions, connect, RpcError, status } from "../../src/runtime/index.js";
import { TrialClient } from "../contract/harness/trial-service.js";
import { buildProgram, ServedProcess } from "./support/served-process.js";
import { until } from "./support/until.js";

const SERVERS = 3;

beforeAll(() => buildProgram("server-program"));

async function fleet(
  options: ConnectOptions = {},
): Promise<{ servers: ServedProcess[]; channel: Channel; client: TrialClient }> {
  const servers = await Promise.all(Array.from({ length: SERVERS }, () => ServedProcess.start("127.0.0.1:0")));
  const channel = connect(
    servers.map(({ address }) => `http://${address}`),
    { loadBalancing: "round_robin", initialBackoffMs: 5, maxBackoffMs: 50, ...options },
  );
  onTestFinished(() => channel.close());
  channel.connect();
  await readyAt(channel, SERVERS);
  return { servers, channel, client: new TrialClient(channel) };
}

function ready(channel: Channel): number {
  return channel.stats?.().connections.filter(({ state }) => state === "ready").length ?? 0;
}
const readyAt = (channel: Channel, count: number) => until(() => ready(channel) === count);

/** Calls of three kinds without a pause, each until its end; how each ended, by kind and code. */
class Load {
  readonly ends: Record<"unary" | "upload" | "subscription", Record<string, number>> = {
    unary: {},
    upload: {},
    subscription: {},
  };
  readonly servers = new Set<string>();
  begun = 0;
  ended = 0;
  readonly #client: TrialClient;
  readonly #callers: Promise<void>[];
  #over = false;

  constructor(client: TrialClient) {
    this.#client = client;
    const repeat = async (run: () => Promise<void>): Promise<void> => {
      while (!this.#over) await run();
    };
    const of = (count: number, kind: keyof Load["ends"], run: () => Promise<unknown>) =>
      Array.from({ length: count }, () => repeat(() => this.#count(kind, run)));
    this.#callers = [
      ...of(8, "unary", () => this.#unary()),
      ...of(4, "upload", () => this.#upload()),
      ...of(4, "subscription", () => this.#subscription()),
    ];
  }

  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#callers);
  }

  async #count(kind: keyof Load["ends"], run: () => Promise<unknown>): Promise<void> {
    this.begun++;
    let code: string;
    try {
      await run();
      code = "OK";
    } catch (error) {
      if (!(error instanceof RpcError)) throw error; // an end that is no status
      code = status[error.code as status];
    }
    this.ended++;
    this.ends[kind][code] = (this.ends[kind][code] ?? 0) + 1;
    if (code !== "OK") await new Promise((resolve) => setTimeout(resolve, 1));
  }

  async #unary(): Promise<void> {
    this.servers.add((await this.#client.greet({ value: "slow" })).value);
  }

  async #upload(): Promise<void> {
    const upload = this.#client.upload();
    for (let sent = 0; sent < 20; sent++) {
      await upload.send({ value: new Uint8Array(10_000) });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const { value } = await upload.closeAndRecv();
    if (value !== 200_000) throw new Error(`${value} bytes arrived, and it was said to be all`);
  }

  /** Ends with the server alone. */
  async #subscription(): Promise<void> {
    let expected = 0;
    const reader = this.#client.download({ value: 0 });
    for await (const { value } of reader) {
      if (value[0] !== (expected++ & 255)) throw new Error("a message was lost");
      if (this.#over) break;
    }
  }
}

describe("three servers under load", () => {
  test("are replaced one after another: no unary call and no upload fails, and every stream ends with a status", async () => {
    const { servers, channel, client } = await fleet();
    const load = new Load(client);
    for (const [index, server] of servers.entries()) {
      const before = load.ended;
      await until(() => load.ended > before + 100);
      await server.end("SIGTERM");
      servers[index] = await ServedProcess.start(server.address);
      await readyAt(channel, SERVERS);
    }
    const before = load.ended;
    load.servers.clear();
    await until(() => load.ended > before + 100 && load.servers.size === SERVERS);
    await load.stop();
    console.log(JSON.stringify(load.ends));
    expect(load.begun).toBe(load.ended);
    expect(Object.keys(load.ends.unary)).toEqual(["OK"]);
    expect(Object.keys(load.ends.upload)).toEqual(["OK"]);
    // Those that the server cut off after its grace; the others left by themselves.
    expect(Object.keys(load.ends.subscription).toSorted()).toEqual(["OK", "UNAVAILABLE"]);
    expect(channel.stats?.()).toMatchObject({ openCalls: 0, waitingCalls: 0 });
  });

  test("one is killed: what it had ends with UNAVAILABLE, all later calls are served by the others", async () => {
    const { servers, channel, client } = await fleet();
    const load = new Load(client);
    await until(() => load.ended > 100);
    await servers[0]!.end("SIGKILL");
    await until(() => ready(channel) === SERVERS - 1);
    const failed = load.ends.unary["UNAVAILABLE"] ?? 0;
    const before = load.ended;
    await until(() => load.ended > before + 200);
    // What was under way there has ended by now; nothing new went there.
    expect(load.ends.unary["UNAVAILABLE"] ?? 0).toBeLessThanOrEqual(failed + 8);
    const settled = load.ends.unary["UNAVAILABLE"] ?? 0;
    await until(() => load.ended > before + 600);
    expect(load.ends.unary["UNAVAILABLE"] ?? 0).toBe(settled);
    await load.stop();
    const codes = new Set(Object.values(load.ends).flatMap((kinds) => Object.keys(kinds)));
    expect([...codes].toSorted()).toEqual(["OK", "UNAVAILABLE"]);
    expect(load.begun).toBe(load.ended);
  });

  test("one hangs: keepalive notices, the others serve all calls, and it is used again once it goes on", async () => {
    const { servers, channel, client } = await fleet({
      keepaliveTimeMs: 50,
      keepaliveTimeoutMs: 2_000,
      keepaliveWithoutCalls: true,
      connectTimeoutMs: 2_000,
    });
    const [hanging] = servers;
    hanging!.pause();
    const caught = Array.from({ length: SERVERS }, () => client.greet({ value: "" }).catch((error: RpcError) => error));
    await readyAt(channel, SERVERS - 1);
    const ends = await Promise.all(caught);
    // The one at the server that hangs ends when the connection does, without a deadline of its own.
    expect(ends.filter((end) => end instanceof RpcError).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^\[UNAVAILABLE\] the server does not answer keepalive pings/),
    ]);
    for (let call = 0; call < 50; call++) expect((await client.greet({ value: "" })).value).not.toBe(hanging!.address);
    hanging!.resume();
    await readyAt(channel, SERVERS);
    const seen = new Set<string>();
    while (!seen.has(hanging!.address)) seen.add((await client.greet({ value: "" })).value);
  });
});
