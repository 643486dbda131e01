import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { credentials } from "@grpc/grpc-js";
import { describe, expect, onTestFinished, test } from "vitest";
import { grpcJsChannel } from "../../src/runtime/grpc-js.js";
import { type ConnectivityState, connect, RpcError, Server } from "../../src/runtime/index.js";
import { contract } from "./harness/harness.js";
import { TrialClient, TrialService, withDefaults } from "./harness/trial-service.js";

contract("the state of a channel", (keeps) => {
  keeps("is idle before the first call, ready after it, and shutdown once closed", async ({ start }) => {
    const { client, channel } = await start({ greet: (request) => request });
    expect(channel.state).toBe("idle");
    await client.greet({ value: "a" });
    expect(channel.state).toBe("ready");
    await channel.close();
    expect(channel.state).toBe("shutdown");
  });

  keeps("connects by connect() alone, and watchState() tells each state until the end", async ({ start }) => {
    const { channel } = await start({ greet: (request) => request });
    const states: ConnectivityState[] = [];
    channel.connect();
    for await (const state of channel.watchState()) {
      states.push(state);
      if (state === "ready") void channel.close();
    }
    expect(states.slice(-2)).toEqual(["ready", "shutdown"]);
    expect(states.slice(0, -2).filter((state) => state !== "idle")).toEqual(["connecting"]);
  });

  keeps("is watched until a signal aborts, or the loop is left", async ({ start }) => {
    const { channel } = await start({});
    const aborted = new AbortController();
    const states: ConnectivityState[] = [];
    for await (const state of channel.watchState({ signal: aborted.signal })) {
      states.push(state);
      aborted.abort();
    }
    for await (const state of channel.watchState()) {
      states.push(state);
      break;
    }
    for await (const state of channel.watchState({ signal: AbortSignal.abort() })) states.push(state);
    expect(states).toEqual(["idle", "idle"]);
  });
});

describe("the wait before the next attempt to connect", () => {
  test("ends by resetBackoff(), which a transport that cannot refuses", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo; // it listens by TCP
    taken.close();
    await once(taken, "close");
    const channel = connect(`http://127.0.0.1:${port}`, { initialBackoffMs: 1_000_000, maxBackoffMs: 1_000_000 });
    channel.connect();
    for await (const state of channel.watchState()) if (state === "transient_failure") break;
    const server = new Server();
    await server.listen(`127.0.0.1:${port}`);
    onTestFinished(() => server.shutdown());
    onTestFinished(() => channel.close());
    channel.resetBackoff();
    for await (const state of channel.watchState()) if (state === "ready") break;
    expect(channel.state).toBe("ready");

    const overGrpcJs = grpcJsChannel(`127.0.0.1:${port}`, credentials.createInsecure());
    onTestFinished(() => overGrpcJs.close());
    expect(() => overGrpcJs.resetBackoff()).toThrow(RpcError);
  });
});

describe("a channel without calls", () => {
  test("closes its connection after clientIdleTimeoutMs, and connects again for the next call", async () => {
    const server = new Server().add(TrialService, withDefaults({ greet: (request) => request }));
    const { port } = await server.listen("127.0.0.1:0");
    onTestFinished(() => server.shutdown());
    const channel = connect(`http://127.0.0.1:${port}`, { clientIdleTimeoutMs: 40 });
    onTestFinished(() => channel.close());
    const client = new TrialClient(channel);
    for (let round = 0; round < 2; round++) {
      expect((await client.greet({ value: "a" })).value).toBe("a");
      for await (const state of channel.watchState()) if (state === "idle") break;
      expect(channel.stats?.().openCalls).toBe(0);
    }
  });
});
