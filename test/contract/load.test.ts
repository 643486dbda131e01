import { Server as GrpcServer } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { RetryInfoSchema } from "../../src/runtime/errors.js";
import { addToGrpcJs, grpcJsTransport } from "../../src/runtime/grpc-js.js";
import { inProcess } from "../../src/runtime/in-process.js";
import { type RpcError, Server, type ServerInterceptor, status } from "../../src/runtime/index.js";
import { contract, readAll, rejection } from "./harness/harness.js";
import { TrialClient, TrialService, withDefaults } from "./harness/trial-service.js";

/** Handlers that wait for a word, and tell who has begun. */
class Gate {
  readonly begun: string[] = [];
  readonly #gates = new Map<string, { readonly begun: Deferred<void>; readonly open: Deferred<void> }>();

  readonly greet = async ({ value }: { value: string }): Promise<{ value: string }> => {
    this.begun.push(value);
    this.#of(value).begun.resolve();
    await this.#of(value).open.promise;
    return { value };
  };

  hasBegun(name: string): Promise<void> {
    return this.#of(name).begun.promise;
  }

  open(name: string): void {
    this.#of(name).open.resolve();
  }

  #of(name: string) {
    const gate = this.#gates.get(name) ?? { begun: new Deferred<void>(), open: new Deferred<void>() };
    this.#gates.set(name, gate);
    return gate;
  }
}

contract("load", (keeps) => {
  keeps("load: a call past maxRunningCalls is refused with RESOURCE_EXHAUSTED and RetryInfo", async ({ start }) => {
    const gate = new Gate();
    const seen: string[] = [];
    const note: ServerInterceptor = async (call, next) => {
      seen.push(call.method.path);
      await next();
    };
    const { client } = await start(
      { greet: gate.greet },
      { maxRunningCalls: 1, retryAfterMs: 2_500, interceptors: [note] },
    );
    const first = client.greet({ value: "a" });
    await gate.hasBegun("a");
    const calls = [
      () => client.greet({ value: "b" }),
      () => client.download({ value: 1 }).recv(),
      () => client.upload().closeAndRecv(),
      () => client.chat().recv(),
    ];
    for (const call of calls) {
      const error = await rejection(call());
      expect(error.code).toBe(status.RESOURCE_EXHAUSTED);
      expect(error.details).toContain("maxRunningCalls");
      const [retry] = error.findDetails(RetryInfoSchema);
      expect([retry?.retryDelay?.seconds, retry?.retryDelay?.nanos]).toEqual([2n, 500_000_000]);
    }
    expect(seen).toEqual(["/contract.v1.Trial/Greet"]); // interceptors hear nothing of what is refused
    gate.open("a");
    expect((await first).value).toBe("a");
    gate.open("c");
    expect((await client.greet({ value: "c" })).value).toBe("c");
  });

  keeps("load: calls of every kind wait in the queue, and run when there is room", async ({ start }) => {
    const gate = new Gate();
    for (const interceptors of [[], [async (_, next) => await next()] satisfies ServerInterceptor[]]) {
      const { client } = await start(
        {
          greet: gate.greet,
          async download(_, call) {
            await call.send({ value: new Uint8Array(3) });
          },
          async upload(call) {
            let value = 0;
            for await (const part of call) value += part.value.length;
            return { value };
          },
          async *chat(call) {
            for await (const { value } of call) yield { value: value.toUpperCase() };
          },
        },
        { maxRunningCalls: 1, maxQueuedCalls: 4, interceptors },
      );
      const name = `first of ${interceptors.length}`;
      const first = client.greet({ value: name });
      await gate.hasBegun(name);
      gate.open("queued");
      const queued = client.greet({ value: "queued" });
      const download = readAll(client.download({ value: 1 }));
      const upload = client.upload();
      await upload.send({ value: new Uint8Array(7) });
      const chat = client.chat();
      await chat.send({ value: "hi" });
      await chat.closeSend();
      const total = upload.closeAndRecv();
      gate.open(name);
      await first;
      expect((await queued).value).toBe("queued");
      expect((await download).messages.map(({ value }) => value.length)).toEqual([3]);
      expect((await total).value).toBe(7);
      expect((await readAll(chat)).messages.map(({ value }) => value)).toEqual(["HI"]);
    }
  });

  keeps("load: who gives up in the queue leaves it, and its handler never runs", async ({ start }) => {
    const gate = new Gate();
    const { client } = await start({ greet: gate.greet }, { maxRunningCalls: 1, maxQueuedCalls: 1 });
    const first = client.greet({ value: "a" });
    await gate.hasBegun("a");
    const late = await rejection(client.greet({ value: "late" }, { timeoutMs: 50 }));
    expect(late.code).toBe(status.DEADLINE_EXCEEDED);
    // The server knows a little later: as long as it does not, the queue is full, and the next is refused. Of two of which the
    // second alone is refused the first waits in the queue, where "late" is no longer.
    gate.open("probe");
    const probe = () => client.greet({ value: "probe" }).catch((error: RpcError) => error);
    let queued = probe();
    for (;;) {
      const next = probe();
      const refused = await Promise.race([queued.then(() => "queued"), next.then(() => "next")]);
      if (refused === "next") break;
      expect(await queued).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
      queued = next;
    }
    gate.open("a");
    expect((await first).value).toBe("a");
    expect(await queued).toMatchObject({ value: "probe" });
    expect(gate.begun).not.toContain("late");
  });

  keeps("load: never more than so many run, and every place comes back", async ({ start }) => {
    let running = 0;
    let most = 0;
    const { client } = await start(
      {
        async greet(request) {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setImmediate(resolve));
          running--;
          if (request.value === "throw") throw new Error("no");
          return request;
        },
      },
      { maxRunningCalls: 3, maxQueuedCalls: 200, onError: () => {} },
    );
    for (let round = 0; round < 2; round++) {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 150 }, (_, at) => {
          const signal = at % 5 === 0 ? { signal: AbortSignal.timeout(at % 3) } : {};
          return client.greet({ value: at % 7 === 0 ? "throw" : "" }, signal);
        }),
      );
      expect(outcomes.filter(({ status: how }) => how === "fulfilled").length).toBeGreaterThan(90);
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(3);
    expect((await client.greet({ value: "at last" })).value).toBe("at last");
  });
});

test("load: a service that is `unlimited` is served however much runs", async () => {
  const gate = new Gate();
  const chat = withDefaults({ greet: gate.greet });
  const server = new Server({ maxRunningCalls: 1 }).add(TrialService, chat, { unlimited: true });
  const client = new TrialClient(inProcess(server));
  const calls = ["a", "b"].map((value) => client.greet({ value }));
  await Promise.all([gate.hasBegun("a"), gate.hasBegun("b")]);
  gate.open("a");
  gate.open("b");
  await Promise.all(calls);
  await server.shutdown();
});

test("load: limits that are none, or mean nothing, throw", () => {
  expect(() => new Server({ maxRunningCalls: 0 })).toThrow(TypeError);
  expect(() => new Server({ maxRunningCalls: Number.NaN })).toThrow(TypeError);
  expect(() => new Server({ maxQueuedCalls: 3 })).toThrow("without maxRunningCalls");
  expect(() => new Server({ maxRunningCalls: 1, transport: grpcJsTransport() })).not.toThrow();
  const limits: object = { maxRunningCalls: 1 }; // there is no Server that could count
  expect(() => addToGrpcJs(new GrpcServer(), TrialService, withDefaults({}), limits)).toThrow(TypeError);
});
