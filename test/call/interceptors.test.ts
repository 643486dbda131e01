import { expect, test } from "vitest";
import { withInterceptors } from "../../src/runtime/call/intercepted-channel.js";
import { inProcess } from "../../src/runtime/in-process.js";
import { type Interceptor, Metadata, RpcError, Server, status } from "../../src/runtime/index.js";
import { TrialClient, TrialService, withDefaults } from "../contract/harness/trial-service.js";

/** A header on every call. */
const withTenant =
  (tenant: string): Interceptor =>
  (next) =>
  (method, options, listener) => {
    const metadata = options.metadata.clone();
    metadata.add("x-tenant", tenant);
    return next(method, { ...options, metadata }, listener);
  };

/** Writes down how each call ended. */
const withLog =
  (log: string[]): Interceptor =>
  (next) =>
  (method, options, listener) =>
    next(method, options, {
      onHeader: (header) => listener.onHeader(header),
      onMessages: (batch) => listener.onMessages(batch),
      onDrain: () => listener.onDrain(),
      onStatus(ended) {
        log.push(`${method.path} ${status[ended.code]}`);
        listener.onStatus(ended);
      },
    });

async function serve() {
  const server = new Server().add(
    TrialService,
    withDefaults({ greet: (_, call) => ({ value: call.metadata.get("x-tenant").join() }) }),
  );
  const channel = inProcess(server);
  return {
    channel,
    async [Symbol.asyncDispose]() {
      await channel.close();
      await server.shutdown();
    },
  };
}

test("interceptors of a channel see every call; the first is the outermost, and those of the call go around them", async () => {
  await using served = await serve();
  const client = new TrialClient(withInterceptors(served.channel, [withTenant("outer"), withTenant("inner")]));
  expect((await client.greet({ value: "" }, { interceptors: [withTenant("call")] })).value).toBe("call,outer,inner");
});

test("an interceptor hears how calls end", async () => {
  await using served = await serve();
  const log: string[] = [];
  const client = new TrialClient(withInterceptors(served.channel, [withLog(log)]));
  await client.greet({ value: "" });
  await client.chat().status;
  expect(log).toEqual(["/contract.v1.Trial/Greet OK", "/contract.v1.Trial/Chat UNIMPLEMENTED"]);
});

test("an interceptor may answer by itself, at once, and then no signal can cancel the call", async () => {
  await using served = await serve();
  let stopped = 0;
  const cached: Interceptor = (next) => (method, options, listener) => {
    if (method.path !== "/contract.v1.Trial/Greet") return next(method, options, listener);
    listener.onMessages([method.response.decode(new Uint8Array([0x0a, 2, 104, 105]))]);
    listener.onStatus({ code: status.OK, details: "", metadata: new Metadata() });
    return { peer: "cache", write: () => true, closeSend() {}, cancel: () => stopped++, pause() {}, resume() {} };
  };
  const client = new TrialClient(withInterceptors(served.channel, [cached]));
  const controller = new AbortController();
  expect((await client.greet({ value: "" }, { signal: controller.signal, idleTimeoutMs: 60_000 })).value).toBe("hi");
  controller.abort();
  expect(stopped).toBe(0);
});

test("an interceptor that throws ends the call, not the program", async () => {
  await using served = await serve();
  const broken: Interceptor = () => () => {
    throw new Error("broken");
  };
  const client = new TrialClient(withInterceptors(served.channel, [broken]));
  await expect(client.greet({ value: "" })).rejects.toBeInstanceOf(RpcError);
  expect((await client.chat().status).code).toBe(status.INTERNAL);
});
