import { afterEach, describe, expect, test } from "vitest";
import { inProcess } from "../../src/runtime/in-process.js";
import {
  type Channel,
  type ClientInterceptor,
  connect,
  RpcError,
  Server,
  type ServerInterceptor,
  type ServiceConfig,
  status,
} from "../../src/runtime/index.js";
import { resume } from "../../src/runtime/resume.js";
import { TrialClient, type TrialHandlers, TrialService, withDefaults } from "../contract/harness/trial-service.js";
import { collectGarbage } from "../support/collect-garbage.js";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** What went through the interceptors of both sides. */
interface Counts {
  calls: number;
  attempts: number;
  sent: number;
  received: number;
  ended: status[];
}

async function serve(handlers: Partial<TrialHandlers>, serviceConfig: ServiceConfig) {
  const counts: Counts = { calls: 0, attempts: 0, sent: 0, received: 0, ended: [] };
  const onServer: ServerInterceptor = async (_, next) => {
    counts.attempts++;
    await next();
  };
  const onClient: ClientInterceptor = async (call, next) => {
    counts.calls++;
    call.metadata.add("x-mark", "1");
    const { code } = await next({ sent: () => void counts.sent++, received: () => void counts.received++ });
    counts.ended.push(code);
  };
  const server = new Server({ interceptors: [onServer] }).add(TrialService, withDefaults(handlers));
  const { port } = await server.listen("127.0.0.1:0");
  const channel = connect(`http://127.0.0.1:${port}`, { interceptors: [onClient], serviceConfig });
  ends.push(
    () => server.shutdown(),
    () => channel.close(),
  );
  return { client: new TrialClient(channel), channel, counts };
}

// By their own names: nothing is hedged that was not named.
const name = ["Greet", "Download"].map((method) => ({ service: "contract.v1.Trial", method }));
const policy = (more: object): ServiceConfig => ({ methodConfig: [{ name, ...more }] });
const retryPolicy = {
  maxAttempts: 4,
  initialBackoff: "0.001s",
  maxBackoff: "0.002s",
  backoffMultiplier: 1,
  retryableStatusCodes: ["UNAVAILABLE"],
} as const;

test("a call that is tried three times is one call to its interceptors, and its messages are seen once", async () => {
  let tries = 0;
  const marks: number[] = [];
  const { client, counts } = await serve(
    {
      greet(request, call) {
        marks.push(call.metadata.get("x-mark").length);
        if (++tries < 3) throw new RpcError(status.UNAVAILABLE, "not yet");
        return request;
      },
    },
    policy({ retryPolicy }),
  );
  expect((await client.greet({ value: "hi" })).value).toBe("hi");
  expect(counts).toEqual({ calls: 1, attempts: 3, sent: 1, received: 1, ended: [status.OK] });
  expect(marks).toEqual([1, 1, 1]);
});

test("a call that is hedged is one call to its interceptors, and one answer is seen", async () => {
  let tries = 0;
  const { client, counts } = await serve(
    {
      async greet(request, call) {
        if (++tries < 3)
          await new Promise((_, reject) => call.signal.addEventListener("abort", () => reject(call.signal.reason)));
        return request;
      },
    },
    policy({ hedgingPolicy: { maxAttempts: 3, hedgingDelay: "0s" } }),
  );
  expect((await client.greet({ value: "hi" })).value).toBe("hi");
  expect(counts).toEqual({ calls: 1, attempts: 3, sent: 1, received: 1, ended: [status.OK] });
});

test("a subscription that resumes over retried calls gives every message once; each call has its interceptors", async () => {
  let attempts = 0;
  const { client, counts } = await serve(
    {
      async *download({ value: after }) {
        if (++attempts % 2 === 1) throw new RpcError(status.UNAVAILABLE, "before anything: tried again");
        for (let id = after + 1; id <= Math.min(after + 4, 10); id++) yield { value: Uint8Array.of(id) };
        if (after + 4 < 10) throw new RpcError(status.UNAVAILABLE, "after something: resumed");
      },
    },
    policy({ retryPolicy }),
  );
  const ids: number[] = [];
  const reader = resume((after?: number) => client.download({ value: after ?? 0 }), {
    token: ({ value }) => value[0] ?? 0,
    initialBackoffMs: 1,
    maxBackoffMs: 1,
  });
  for await (const { value } of reader) ids.push(value[0] ?? 0);
  expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(counts).toMatchObject({ calls: 3, attempts: 6, received: 10 });
  expect(counts.ended).toEqual([status.UNAVAILABLE, status.UNAVAILABLE, status.OK]);
});

describe("10,000 calls with interceptors", () => {
  const waits: ClientInterceptor = async (_, next) => {
    await new Promise((resolve) => setImmediate(resolve));
    await next({ sent: () => undefined, received: () => undefined });
  };
  const forever: ClientInterceptor = () => new Promise(() => {});
  const after: ClientInterceptor = async (_, next) => {
    await next();
    await new Promise(() => {});
  };

  async function some(channel: Channel, count: number): Promise<void> {
    const client = new TrialClient(channel);
    for (let at = 0; at < count; at += 50) {
      const stop = new AbortController();
      const calls = Array.from({ length: 50 }, (_, nth) => {
        const interceptors = nth % 10 === 0 ? [forever] : nth % 10 === 1 ? [after] : [];
        const signal = interceptors.length > 0 ? { signal: stop.signal } : {};
        return client
          .greet({ value: "" }, { interceptors, timeoutMs: 3_600_000, ...signal })
          .catch((error: RpcError) => error.code);
      });
      await calls[2];
      stop.abort();
      const codes = await Promise.all(calls);
      expect(codes.filter((code) => code === status.CANCELLED).length).toBe(10);
    }
  }

  test.each(["http2", "in-process"])(
    "leave nothing behind, not those that are cancelled while one waits for ever: %s",
    async (how) => {
      const onServer: ServerInterceptor = async (call, next) => {
        void call.context;
        await next({ sent: () => undefined });
      };
      const server = new Server({ interceptors: [onServer] }).add(
        TrialService,
        withDefaults({ greet: (request) => request }),
      );
      const interceptors = [waits];
      const channel =
        how === "http2"
          ? connect(`http://127.0.0.1:${(await server.listen("127.0.0.1:0")).port}`, { interceptors })
          : inProcess(server, { interceptors });
      ends.push(
        () => server.shutdown(),
        () => channel.close(),
      );
      const heap = async (): Promise<number> => {
        for (let times = 0; times < 3; times++) {
          await new Promise((resolve) => setImmediate(resolve));
          collectGarbage();
        }
        return process.memoryUsage().heapUsed;
      };
      await some(channel, 3_000);
      const before = await heap();
      await some(channel, 10_000);
      const bytesPerCall = ((await heap()) - before) / 10_000;
      expect(channel.stats?.().openCalls).toBe(0);
      expect(server.stats().openCalls).toBe(0);
      expect(bytesPerCall).toBeLessThan(100);
    },
  );
});
