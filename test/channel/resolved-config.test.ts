import { describe, expect, onTestFinished, test } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import {
  type Channel,
  type ConnectOptions,
  connect,
  type ResolverListener,
  RpcError,
  status,
} from "../../src/runtime/index.js";
import { rejection } from "../contract/harness/harness.js";
import { TrialClient } from "../contract/harness/trial-service.js";
import { type TrialServer, trialServer } from "./support/trial-server.js";

/** Sends a call that ended with UNAVAILABLE once more, without a wait that matters. */
const RETRIED = {
  methodConfig: [
    {
      name: [{}],
      retryPolicy: {
        maxAttempts: 3,
        initialBackoff: "0.001s",
        maxBackoff: "0.001s",
        backoffMultiplier: 1,
        retryableStatusCodes: ["UNAVAILABLE"],
      },
    },
  ],
};

/** A server of which every other call fails. */
async function halting(): Promise<TrialServer> {
  let calls = 0;
  return await trialServer("127.0.0.1:0", {
    greet(request) {
      if (calls++ % 2 === 0) throw new RpcError(status.UNAVAILABLE, "not now");
      return request;
    },
  });
}

function open(target: string | string[], options: ConnectOptions): { channel: Channel; client: TrialClient } {
  const channel = connect(target, options);
  onTestFinished(() => channel.close());
  return { channel, client: new TrialClient(channel) };
}

function addressesOf({ port }: TrialServer) {
  return [{ host: "127.0.0.1", port }];
}

describe("a service config that the resolver brings", () => {
  test("holds for the first call, which waits for it", async () => {
    const server = await halting();
    const began = new Deferred<ResolverListener>();
    const resolver = (_: string, listener: ResolverListener) => {
      began.resolve(listener);
      return { close() {} };
    };
    const { client } = open("test:///web", { resolver });
    const call = client.greet({ value: "first" });
    const listener = await began.promise;
    listener.onResult({ addresses: addressesOf(server), serviceConfig: RETRIED });
    expect((await call).value).toBe("first");
  });

  test("outranks the channel's own, which holds where it brings none", async () => {
    const server = await halting();
    const brings = (serviceConfig: unknown) => (_: string, listener: ResolverListener) => {
      queueMicrotask(() => listener.onResult({ addresses: addressesOf(server), serviceConfig }));
      return { close() {} };
    };
    const none = open("test:///web", { resolver: brings({}), serviceConfig: RETRIED }).client;
    expect((await rejection(none.greet({ value: "" }))).code).toBe(status.UNAVAILABLE);
    await none.greet({ value: "the other call" });
    const own = open("test:///web", { resolver: brings(undefined), serviceConfig: RETRIED }).client;
    expect((await own.greet({ value: "sent again" })).value).toBe("sent again");
  });

  test("a resolver that fails, or throws, ends the calls that wait for it", async () => {
    const fails = (_: string, listener: ResolverListener) => {
      queueMicrotask(() => listener.onError("no registry"));
      return { close() {} };
    };
    const failed = await rejection(open("test:///web", { resolver: fails }).client.greet({ value: "" }));
    expect(failed).toMatchObject({ code: status.UNAVAILABLE });
    expect(failed.details).toContain("no registry");
    const throws = () => {
      throw new Error("no such registry");
    };
    const thrown = await rejection(open("test:///web", { resolver: throws }).client.greet({ value: "" }));
    expect(thrown).toMatchObject({ code: status.INTERNAL });
    expect(thrown.details).toContain("no such registry");
  });

  test("a call that waits for it ends when the channel is closed, when it is cancelled, and at its deadline", async () => {
    const silent = () => ({ close() {} });
    const { channel, client } = open("test:///web", { resolver: silent });
    const stop = new AbortController();
    const cancelled = rejection(client.greet({ value: "" }, { signal: stop.signal }));
    stop.abort();
    expect((await cancelled).code).toBe(status.CANCELLED);
    expect((await rejection(client.greet({ value: "" }, { timeoutMs: 20 }))).code).toBe(status.DEADLINE_EXCEEDED);
    const closed = rejection(client.greet({ value: "" }));
    await channel.close();
    expect((await closed).code).toBe(status.CANCELLED);
  });
});

describe("a service config of a channel to many servers", () => {
  test("names the policy, and sends calls again", async () => {
    const servers = [await trialServer("127.0.0.1:0"), await trialServer("127.0.0.1:0")];
    const targets = servers.map(({ port }) => `http://127.0.0.1:${port}`);
    const serviceConfig = { loadBalancingConfig: [{ round_robin: {} }], ...RETRIED };
    const { client } = open(targets, { serviceConfig });
    const seen = new Set<string>();
    for (let i = 0; i < 20; i++) seen.add((await client.greet({ value: "" })).value);
    expect(seen.size).toBe(2);
    const { client: retried } = open([`http://127.0.0.1:${(await halting()).port}`], { serviceConfig });
    expect((await retried.greet({ value: "again" })).value).toBe("again");
  });

  test("that is wrong is told with path and value, by each call at the latest", async () => {
    const serviceConfig = { loadBalancingConfig: [{ round_robin: 3 }] } as never;
    let details: string;
    try {
      details = (await rejection(open(["http://127.0.0.1:1"], { serviceConfig }).client.greet({ value: "" }))).details;
    } catch (error) {
      details = String(error);
    }
    expect(details).toContain("serviceConfig.loadBalancingConfig[0].round_robin is 3");
  });
});
