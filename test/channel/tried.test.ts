import { constants } from "node:http2";
import { describe, expect, onTestFinished, test } from "vitest";
import { addressName, type LoadBalancerFactory, type Subchannel, weighted } from "../../src/runtime/balancing.js";
import { type Channel, type ConnectOptions, connect, RpcError, Server, status } from "../../src/runtime/index.js";
import "../../src/runtime/service-config.js"; // so that the first call does not wait for it
import { rawServer } from "../contract/harness/raw-server.js";
import { TrialClient, TrialService, withDefaults } from "../contract/harness/trial-service.js";
import { RETRY, until } from "./retry/setting.js";

/** A server whose answers come in any order, so that the turns of a call's attempts are not those of one caller. */
async function wellServer(): Promise<string> {
  const greet = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return { value: "well" };
  };
  const server = new Server().add(TrialService, withDefaults({ greet }));
  onTestFinished(() => server.shutdown({ graceMs: 0 }));
  return `http://${(await server.listen("127.0.0.1:0")).address}`;
}

/** A server that refuses every call without looking at it. */
async function refusingServer(): Promise<{ url: string; refused: () => number }> {
  let refused = 0;
  const server = await rawServer((stream) => {
    refused++;
    stream.close(constants.NGHTTP2_REFUSED_STREAM);
  });
  onTestFinished(() => server.close());
  return { url: `http://127.0.0.1:${server.port}`, refused: () => refused };
}

/** A channel that has its connections. */
async function connected(urls: readonly string[], options: ConnectOptions): Promise<Channel> {
  const channel = connect(urls, options);
  onTestFinished(() => channel.close());
  channel.connect();
  await until(() => channel.stats?.().connections.filter(({ state }) => state === "ready").length === urls.length);
  return channel;
}

/** Many calls at a time, and all of their answers. */
async function callMany(channel: Channel): Promise<void> {
  const client = new TrialClient(channel);
  for (let round = 0; round < 10; round++) {
    await Promise.all(Array.from({ length: 100 }, () => client.greet({ value: "" })));
  }
}

/** All connections there are, in turn, but for the servers that a call has tried: by what the public interface gives. */
const ownPolicy: LoadBalancerFactory = (host) => {
  let subchannels: Subchannel[] = [];
  let turn = 0;
  const update = () => {
    const ready = subchannels.filter(({ state }) => state === "ready");
    host.update(ready.length > 0 ? "ready" : "connecting", {
      pick({ options: { tried } }) {
        const others = ready.filter(({ address }) => !tried?.has(addressName(address)));
        const among = others.length > 0 ? others : ready;
        return among[turn++ % among.length];
      },
    });
  };
  return {
    updateAddresses(addresses) {
      subchannels = addresses.map((address) => host.createSubchannel(address, { onState: update }));
      for (const subchannel of subchannels) subchannel.connect();
    },
    connect() {},
    resetBackoff() {},
    close: () => subchannels.forEach((subchannel) => void subchannel.close()),
  };
};

describe.each([
  ["round_robin", "round_robin"],
  ["least_request", "least_request"],
  ["weighted", weighted(() => 1)],
  ["a policy of the user's own", ownPolicy],
] as const)("%s", (_, loadBalancing) => {
  test("a call that one of three servers refuses goes to another, without any config", async () => {
    const refusing = await refusingServer();
    const urls = [await wellServer(), refusing.url, await wellServer()];
    const channel = await connected(urls, { loadBalancing });
    await callMany(channel);
    expect(channel.stats?.()).toMatchObject({ openCalls: 0, calls: { started: 1_000, succeeded: 1_000, failed: 0 } });
    expect(refusing.refused()).toBeGreaterThan(0);
  });

  test("a call that one server refuses and another fails is answered by the third, with two attempts", async () => {
    const refusing = await refusingServer();
    const failing = new Server({ onError: () => {} }).add(
      TrialService,
      withDefaults({
        greet() {
          throw new RpcError(status.UNAVAILABLE, "always");
        },
      }),
    );
    onTestFinished(() => failing.shutdown({ graceMs: 0 }));
    const urls = [await wellServer(), refusing.url, `http://${(await failing.listen("127.0.0.1:0")).address}`];
    const serviceConfig = { methodConfig: [{ name: [{}], retryPolicy: { ...RETRY, maxAttempts: 2 } }] };
    const channel = await connected(urls, { loadBalancing, serviceConfig });
    await callMany(channel);
    expect(channel.stats?.()).toMatchObject({ openCalls: 0, calls: { started: 1_000, succeeded: 1_000, failed: 0 } });
  });
});
