import { credentials } from "@grpc/grpc-js";
import { RetryInfoSchema } from "gen-stubs-runtime/errors";
import { grpcJsChannel } from "gen-stubs-runtime/grpc-js";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type ClientReader, connect, Metadata, RpcError, Server, status } from "../../src/runtime/index.js";
import { type ResumeEvent, resume } from "../../src/runtime/resume.js";
import { rejection } from "../contract/harness/harness.js";
import { frameServer, reset, respond } from "../contract/harness/raw-frames.js";
import { TrialClient, TrialService, withDefaults } from "../contract/harness/trial-service.js";
import {
  idOf,
  idsOf,
  message,
  never,
  resumed,
  type Script,
  scripted,
  scriptedBy,
  serve,
  withResolvers,
} from "./support.js";

describe("what follows a status", () => {
  test("UNAVAILABLE and DEADLINE_EXCEEDED go on behind the last message; OK ends", async () => {
    const server = await scripted([1, 2, "UNAVAILABLE"], ["DEADLINE_EXCEEDED"], [3, 4, "OK"]);
    const events: ResumeEvent<number>[] = [];
    const reader = resumed(server, { onResume: (event) => events.push(event) });
    expect(await idsOf(reader)).toEqual({ ids: [1, 2, 3, 4], error: undefined });
    expect(server.asked).toEqual([0, 2, 2]);
    expect(events.map(({ attempt, error, token }) => [attempt, error?.code, token])).toEqual([
      [1, status.UNAVAILABLE, 2],
      [2, status.DEADLINE_EXCEEDED, 2],
    ]);
    expect(await reader.status).toMatchObject({ code: status.OK });
  });

  test("CANCELLED ends quietly, and the status tells", async () => {
    const reader = resumed(await scripted([1, "CANCELLED"]));
    expect(await idsOf(reader)).toEqual({ ids: [1], error: undefined });
    expect(await reader.status).toMatchObject({ code: status.CANCELLED, details: "scripted CANCELLED" });
  });

  test("a reset with CANCEL is no CANCELLED that the server said: it goes on", async () => {
    let calls = 0;
    const server = await frameServer((send) => {
      respond(send);
      if (++calls === 1) reset(send, 8);
      else
        send(
          1,
          5,
          Buffer.concat([Buffer.from([0x40, 11]), Buffer.from("grpc-status"), Buffer.from([1]), Buffer.from("0")]),
        );
    });
    onTestFinished(server.close);
    const channel = connect(`http://127.0.0.1:${server.port}`);
    onTestFinished(() => channel.close());
    const client = new TrialClient(channel);
    const errors: (RpcError | undefined)[] = [];
    const reader = resume((after?: number) => client.download({ value: after ?? 0 }), {
      token: idOf,
      initialBackoffMs: 1,
      onResume: ({ error }) => errors.push(error),
    });
    expect(await idsOf(reader)).toEqual({ ids: [], error: undefined });
    expect(errors.map((error) => error?.code)).toEqual([status.CANCELLED]);
    expect(await reader.status).toMatchObject({ code: status.OK });
  });

  const others = [
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "FAILED_PRECONDITION",
  ];
  const further = ["ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "DATA_LOSS", "UNAUTHENTICATED"];
  test.each([...others, ...further] as (keyof typeof status)[])("%s is thrown, behind its messages", async (name) => {
    const server = await scripted([1, 2, name]);
    const reader = resumed(server);
    const { ids, error } = await idsOf(reader);
    expect(ids).toEqual([1, 2]);
    expect(error).toMatchObject({
      code: status[name],
      details: `scripted ${name}`,
      method: "/contract.v1.Trial/Download",
    });
    expect(server.asked.length).toBe(1);
    expect(await reader.status).toMatchObject({ code: status[name] });
    await expect(reader.recv()).rejects.toBe(error);
  });

  test("all of it is an option: a table, or a function", async () => {
    const scripts = [
      [1, "OK"],
      [2, "ABORTED"],
      [3, "CANCELLED"],
      [4, "UNAVAILABLE"],
    ] as const;
    const byTable = resumed(await scripted(...scripts), {
      statuses: { OK: "resume", ABORTED: "resume", CANCELLED: "resume", UNAVAILABLE: "end" },
    });
    expect(await idsOf(byTable)).toEqual({ ids: [1, 2, 3, 4], error: undefined });
    const ended: string[] = [];
    const byFunction = resumed(await scripted(...scripts), {
      statuses: ({ code, details }) => {
        ended.push(details);
        return code === status.UNAVAILABLE ? "throw" : "resume";
      },
    });
    expect((await idsOf(byFunction)).error?.code).toBe(status.UNAVAILABLE);
    expect(ended).toEqual(["", "scripted ABORTED", "scripted CANCELLED", "scripted UNAVAILABLE"]);
    const cancelled = resumed(await scripted([1, "CANCELLED"]), { statuses: { CANCELLED: "throw" } });
    expect((await idsOf(cancelled)).error?.code).toBe(status.CANCELLED);
  });

  test("maxAttempts calls, and the last error is thrown", async () => {
    const server = await scripted(["UNAVAILABLE"]);
    const { error } = await idsOf(resumed(server, { maxAttempts: 3 }));
    expect(error?.code).toBe(status.UNAVAILABLE);
    expect(server.asked.length).toBe(3);
  });

  test("OK at the last of maxAttempts is a quiet end", async () => {
    const server = await scripted([1, "OK"], [2, "OK"]);
    const reader = resumed(server, { statuses: { OK: "resume" }, maxAttempts: 2 });
    expect(await idsOf(reader)).toEqual({ ids: [1, 2], error: undefined });
    expect(await reader.status).toMatchObject({ code: status.OK });
  });

  test("nobody needs to listen to a reader that fails (P10)", async () => {
    const server = await scripted(["NOT_FOUND"]);
    resumed(server);
    resume(() => rejecting() as never, { token: () => 1 });
    await server.ended(0);
    await rejection(server.client.greet({ value: "" })); // the error has arrived; what nobody handles would fail the run
  });

  test("a server that is not there yet is waited for", async () => {
    const port = await freePort();
    const channel = connect(`http://127.0.0.1:${port}`, { initialBackoffMs: 5, maxBackoffMs: 5 });
    const client = new TrialClient(channel);
    const started: Promise<Server>[] = [];
    const errors: (RpcError | undefined)[] = [];
    const reader = resume((after?: number) => client.download({ value: after ?? 0 }), {
      token: idOf,
      initialBackoffMs: 1,
      maxBackoffMs: 20,
      onResume: ({ attempt, error }) => {
        errors.push(error);
        if (attempt === 3) started.push(serveOne(port));
      },
    });
    expect((await idsOf(reader)).ids).toEqual([1]);
    expect(errors.length).toBeGreaterThanOrEqual(3);
    expect(errors.every((error) => error?.code === status.UNAVAILABLE)).toBe(true);
    await channel.close();
    await (await started[0])?.shutdown();
  });
});

async function freePort(): Promise<number> {
  const server = new Server();
  const { port } = await server.listen("127.0.0.1:0");
  await server.shutdown();
  return port;
}

async function serveOne(port: number): Promise<Server> {
  const handlers = withDefaults({ download: async (_, call) => void (await call.send(message(1))) });
  const server = new Server().add(TrialService, handlers);
  await server.listen(`127.0.0.1:${port}`);
  return server;
}

describe("tokens", () => {
  test("none is delivered twice, wherever the server begins; what is left out is told", async () => {
    const left: number[] = [];
    const server = await scripted([1, 2, 3, "UNAVAILABLE"], [1, 2, 3, 4, "UNAVAILABLE"], [4, 5, 5, "OK"]);
    const { ids } = await idsOf(resumed(server, { onDuplicate: (token) => left.push(token) }));
    expect(ids).toEqual([1, 2, 3, 4, 5]);
    expect(left).toEqual([1, 2, 3, 4, 5]);
    expect(server.asked).toEqual([0, 3, 4]);
  });

  test("a message without one is delivered, and the stream does not go on behind it", async () => {
    const server = await scripted([1, 0, 0, "UNAVAILABLE"], [0, 2, "OK"]);
    const { ids } = await idsOf(resumed(server, { token: (one) => idOf(one) || undefined }));
    expect(ids).toEqual([1, 0, 0, 0, 2]);
    expect(server.asked).toEqual([0, 1]);
  });

  test("the first call may begin behind one of an earlier run", async () => {
    const server = await scripted([7, 8, "OK"]);
    expect((await idsOf(resumed(server, { after: 7 }))).ids).toEqual([8]);
    expect(server.asked).toEqual([7]);
  });

  test("bytes and bigints are tokens too; of those behind rememberTokens nothing is known", async () => {
    const asBytes = resume(
      (
        (server) => (after?: Uint8Array) =>
          server.client.download({ value: after?.[1] ?? 0 })
      )(await scripted([1, 2, "UNAVAILABLE"], [2, 3, "OK"])),
      { token: (one) => one.value, initialBackoffMs: 1 },
    );
    expect((await idsOf(asBytes)).ids).toEqual([1, 2, 3]);
    const asBigints = resume(
      (
        (server) => (after?: bigint) =>
          server.client.download({ value: Number(after ?? 0n) })
      )(await scripted([1, 2, 3, "UNAVAILABLE"], [1, 2, 3, 4, "OK"])),
      { token: (one) => BigInt(idOf(one)), initialBackoffMs: 1, rememberTokens: 2 },
    );
    expect((await idsOf(asBigints)).ids).toEqual([1, 2, 3, 1, 2, 3, 4]);
  });
});

describe("one call at a time", () => {
  test("the next is made when the last has ended", async () => {
    const server = await scripted([1, "UNAVAILABLE"], [2, "UNAVAILABLE"], [3, "OK"]);
    const calls: ClientReader<unknown>[] = [];
    const open: number[] = [];
    const reader = resume(
      (after: number | undefined) => {
        let ended = 0;
        for (const call of calls) void call.status.then(() => ended++);
        open.push(calls.length);
        const call = server.client.download({ value: after ?? 0 });
        calls.push(call);
        return call;
      },
      { token: idOf, initialBackoffMs: 1 },
    );
    expect((await idsOf(reader)).ids).toEqual([1, 2, 3]);
    expect(open).toEqual([0, 1, 2]);
    expect(server.open.most).toBe(1);
  });

  test("it starts when the reader is made, and once more although nobody reads", async () => {
    const server = await scripted(["UNAVAILABLE"], [1, "OK"]);
    const reader = resumed(server);
    await server.ended(1);
    expect(server.asked).toEqual([0, 0]);
    expect(await reader.status).toMatchObject({ code: status.OK });
    expect((await idsOf(reader)).ids).toEqual([1]);
  });

  test("a reader that is behind gets no second call on top of the first one's messages", async () => {
    const told = withResolvers();
    const server = await scripted([1, 2, "UNAVAILABLE"], [3, "OK"]);
    const reader = resumed(server, { onResume: () => told.resolve() });
    await told.promise;
    // The wait of a millisecond is over before this one, and what was sent before this call arrives before it.
    await new Promise((resolve) => setTimeout(resolve, 5));
    await rejection(server.client.greet({ value: "" }));
    expect(server.asked.length).toBe(1);
    expect((await idsOf(reader)).ids).toEqual([1, 2, 3]);
  });
});

describe("the members of a ClientReader", () => {
  test("header is the first that came; trailer and status are those of the end; peer is the server", async () => {
    let calls = 0;
    const { client, port } = await serve({
      async download(_, call) {
        const header = new Metadata();
        header.set("call", String(++calls));
        call.sendHeader(header);
        call.trailer.set("call", String(calls));
        await call.send(message(calls));
        if (calls === 1) throw new RpcError(status.UNAVAILABLE, "once more");
      },
    });
    await using reader = resume((after?: number) => client.download({ value: after ?? 0 }), {
      token: idOf,
      initialBackoffMs: 1,
    });
    expect((await reader.header).get("call")).toEqual(["1"]);
    expect((await idsOf(reader)).ids).toEqual([1, 2]);
    expect((await reader.header).get("call")).toEqual(["1"]);
    expect((await reader.trailer).get("call")).toEqual(["2"]);
    expect(reader.peer).toBe(`127.0.0.1:${port}`);
    expect(reader.connection?.tls).toBeUndefined();
    expect(reader.compressed).toBe(false);
    reader.cancel();
    expect(await reader.status).toMatchObject({ code: status.OK });
    expect(await reader.recv()).toBeUndefined();
  });

  test("header rejects where no call had one", async () => {
    const { client } = await serve({
      download: () => Promise.reject(new RpcError(status.NOT_FOUND, "no such stream")),
    });
    const reader = resume(() => client.download({ value: 0 }), { token: idOf });
    await expect(reader.header).rejects.toMatchObject({ code: status.NOT_FOUND });
    expect((await idsOf(reader)).error?.code).toBe(status.NOT_FOUND);
  });

  test("recv: several may be pending, in order of asking, over the end of a call", async () => {
    const reader = resumed(await scripted([1, 2, "UNAVAILABLE"], [3, "OK"]));
    const asked = await Promise.all([1, 2, 3, 4, 5].map(() => reader.recv()));
    expect(asked.map((one) => one && idOf(one))).toEqual([1, 2, 3, undefined, undefined]);
  });

  test("batches: the same messages", async () => {
    const ids: number[] = [];
    for await (const batch of resumed(await scripted([1, 2, "UNAVAILABLE"], [2, 3, "OK"])).batches())
      ids.push(...batch.map(idOf));
    expect(ids).toEqual([1, 2, 3]);
  });

  test("an iteration that was left, and one more: CANCELLED", async () => {
    const reader = resumed(await scripted([1, never]));
    for await (const _ of reader) break;
    await expect(reader.recv()).rejects.toMatchObject({ code: status.CANCELLED });
  });
});

describe("it ends at once", () => {
  const ways: Record<
    string,
    (reader: ClientReader<{ readonly value: Uint8Array }>, abort: AbortController) => unknown
  > = {
    cancel: (reader) => reader.cancel(new Error("enough")),
    signal: (_, abort) => abort.abort(new Error("enough")),
    "await using": (reader) => reader[Symbol.asyncDispose](),
  };
  for (const [name, end] of Object.entries(ways)) {
    test(`by ${name}, while a call is open: the server hears of it`, async () => {
      const abort = new AbortController();
      const server = await scripted([1, never]);
      const reader = resumed(server, { signal: abort.signal });
      expect(idOf((await reader.recv())!)).toBe(1);
      const pending = reader.recv();
      void end(reader, abort);
      await expect(pending).rejects.toMatchObject({ code: status.CANCELLED });
      expect(await reader.status).toMatchObject({ code: status.CANCELLED });
      await server.ended(0);
      expect(server.asked.length).toBe(1);
    });

    test(`by ${name}, while it waits for an hour`, async () => {
      const abort = new AbortController();
      const told = withResolvers<number>();
      const server = await scripted(["UNAVAILABLE"]);
      const hour = 3_600_000;
      const options = { signal: abort.signal, initialBackoffMs: hour, maxBackoffMs: hour, jitter: 0 };
      const reader = resumed(server, { ...options, onResume: ({ delayMs }) => told.resolve(delayMs) });
      const pending = reader.recv();
      expect(await told.promise).toBe(hour);
      void end(reader, abort);
      await expect(pending).rejects.toMatchObject({ code: status.CANCELLED });
      expect(server.asked.length).toBe(1);
    });
  }

  test("by break: the server hears of it, and no other call is made", async () => {
    const server = await scripted([1, never]);
    for await (const _ of resumed(server)) break;
    await server.ended(0);
    expect(server.asked.length).toBe(1);
  });

  test("by a signal that had aborted before: no call is made", async () => {
    const server = await scripted([1, "OK"]);
    const reader = resumed(server, { signal: AbortSignal.abort("no") });
    await expect(reader.recv()).rejects.toMatchObject({ code: status.CANCELLED, cause: "no" });
    await expect(reader.header).rejects.toMatchObject({ code: status.CANCELLED });
    expect(server.asked.length).toBe(0);
  });

  test("what waits to be read is dropped, as with every cancel", async () => {
    const server = await scripted([1, 2, 3, never]);
    const reader = resumed(server);
    await reader.recv();
    reader.cancel();
    expect((await idsOf(reader)).ids).toEqual([]);
  });

  test.each([
    ["our own transport", (port: number) => connect(`http://127.0.0.1:${port}`)],
    ["grpc-js", (port: number) => grpcJsChannel(`127.0.0.1:${port}`, credentials.createInsecure())],
  ])("when its channel is closed, while it waits (%s)", async (_, open) => {
    const server = await scripted(["UNAVAILABLE"]);
    const channel = open(server.port);
    const client = new TrialClient(channel);
    const closed = withResolvers();
    const reader = resume((after?: number) => client.download({ value: after ?? 0 }), {
      token: idOf,
      initialBackoffMs: 5,
      onResume: () => void channel.close().then(closed.resolve),
    });
    const { error } = await idsOf(reader);
    expect(error).toMatchObject({ code: status.UNAVAILABLE, details: "the channel is closed" });
    await closed.promise;
    expect(server.asked.length).toBe(1);
  });

  test("when its channel is closed, while a call is open: quietly, as CANCELLED", async () => {
    const server = await scripted([1, never]);
    const channel = connect(`http://127.0.0.1:${server.port}`);
    const client = new TrialClient(channel);
    const reader = resume((after?: number) => client.download({ value: after ?? 0 }), { token: idOf });
    expect(idOf((await reader.recv())!)).toBe(1);
    await channel.close();
    expect(await idsOf(reader)).toEqual({ ids: [], error: undefined });
    expect(await reader.status).toMatchObject({ code: status.CANCELLED, details: "the channel was closed" });
  });
});

describe("silence", () => {
  test("idleTimeoutMs gives a call up as DEADLINE_EXCEEDED, and the server hears of it", async () => {
    const server = await scriptedBy((after) => (after === 0 ? [1, never] : [2, "OK"]));
    const errors: (RpcError | undefined)[] = [];
    const { ids } = await idsOf(resumed(server, { idleTimeoutMs: 30, onResume: ({ error }) => errors.push(error) }));
    expect(ids).toEqual([1, 2]);
    expect(errors.at(-1)?.code).toBe(status.DEADLINE_EXCEEDED);
    expect(errors.at(-1)?.details).toBe("nothing came for 30 ms (idleTimeoutMs of resume)");
    await server.ended(0);
  });

  test("a reader that is behind is no silence of the server's", async () => {
    const ended: unknown[] = [];
    const onEnd = withResolvers();
    const options = { token: idOf, idleTimeoutMs: 20 };
    const reader = resume(() => batchThenNothing([message(1), message(2)]), {
      ...options,
      onResume: (event) => {
        ended.push(event);
        onEnd.resolve();
      },
    });
    expect(idOf((await reader.recv())!)).toBe(1);
    // Readers to whom really nothing comes, one after another.
    for (const _ of [1, 2, 3]) {
      const silent = resume(() => batchThenNothing([]), { ...options, maxAttempts: 1 });
      expect((await rejection(silent.recv())).code).toBe(status.DEADLINE_EXCEEDED);
    }
    expect(ended).toEqual([]);
    expect(idOf((await reader.recv())!)).toBe(2);
    await onEnd.promise;
    reader.cancel();
  });
});

/** A call that has these messages, and never any other. */
function batchThenNothing(batch: { value: Uint8Array }[]): ClientReader<{ value: Uint8Array }> {
  const cancelled = withResolvers();
  const failing = cancelled.promise.then(() => Promise.reject<never>(new RpcError(status.CANCELLED, "cancelled")));
  failing.catch(() => {});
  const batches = batch.length > 0 ? [batch] : [];
  return {
    ...refusedReader,
    header: failing,
    status: failing.catch((error: RpcError) => error),
    cancel: () => cancelled.resolve(),
    batches: () => ({
      [Symbol.asyncIterator]: () => ({
        async next() {
          const value = batches.shift();
          return value === undefined ? await failing : { done: false, value };
        },
      }),
    }),
  };
}

describe("what users' functions throw becomes one status (P20)", () => {
  const boom = new Error("boom");
  const failing = () => {
    throw boom;
  };

  test("token: CANCELLED, behind the messages before; the server hears of it", async () => {
    const server = await scripted([1, 2, 3, never]);
    const token = (one: { readonly value: Uint8Array }) => (idOf(one) === 3 ? failing() : idOf(one));
    const { ids, error } = await idsOf(resumed(server, { token }));
    expect(ids).toEqual([1, 2]);
    expect(error).toMatchObject({ code: status.CANCELLED, details: "token threw: boom", cause: boom });
    await server.ended(0);
  });

  test("token that gives no token: CANCELLED", async () => {
    const { error } = await idsOf(resumed(await scripted([1, never]), { token: () => ({}) as never }));
    expect(error?.details).toBe("token threw: a token is a string, a number, a bigint or bytes, and this is object");
  });

  test.each([
    ["onResume", { onResume: failing }],
    ["statuses", { statuses: failing }],
    ["onDuplicate", { onDuplicate: failing, after: 1 }],
  ] as const)("%s: CANCELLED", async (name, options) => {
    const { error } = await idsOf(resumed(await scripted([1, "UNAVAILABLE"]), options));
    expect(error).toMatchObject({ code: status.CANCELLED, details: `${name} threw: boom`, cause: boom });
  });

  test("the factory, at the first call and at a later one: INTERNAL, or the RpcError that it threw", async () => {
    const first = resume<{ value: Uint8Array }, number>(failing, { token: idOf });
    await expect(first.recv()).rejects.toMatchObject({ code: status.INTERNAL, cause: boom });
    await expect(first.header).rejects.toMatchObject({ details: "the call cannot be started: boom" });
    expect(await first.status).toMatchObject({ code: status.INTERNAL });
    const server = await scripted([1, "UNAVAILABLE"]);
    const later = resume(
      (after?: number) => {
        if (after === 1) throw new RpcError(status.UNAUTHENTICATED, "log in again");
        return server.client.download({ value: 0 });
      },
      { token: idOf, initialBackoffMs: 1 },
    );
    const { ids, error } = await idsOf(later);
    expect(ids).toEqual([1]);
    expect(error).toMatchObject({ code: status.UNAUTHENTICATED, details: "log in again" });
  });

  test("a factory that returns no reader: INTERNAL", async () => {
    const reader = resume(() => Promise.resolve() as never, { token: () => 1 });
    await expect(reader.recv()).rejects.toMatchObject({
      code: status.INTERNAL,
      details: "the call cannot be started: it returned no reader of a call",
    });
  });

  test("onResume that rejects ends no process, and the reader goes on", async () => {
    const server = await scripted([1, "UNAVAILABLE"], [2, "OK"]);
    expect((await idsOf(resumed(server, { onResume: async () => failing() }))).ids).toEqual([1, 2]);
  });

  test("onResume and the factory may cancel", async () => {
    const server = await scripted([1, "UNAVAILABLE"]);
    const reader: ClientReader<{ readonly value: Uint8Array }> = resumed(server, {
      onResume: () => reader.cancel("done"),
    });
    expect((await idsOf(reader)).error).toMatchObject({ code: status.CANCELLED, cause: "done" });
    expect(server.asked.length).toBe(1);
  });
});

describe("waits", () => {
  const waits = async (options: object, ...scripts: Script[]): Promise<number[]> => {
    const seen: number[] = [];
    const reader = resumed(await scripted(...scripts), {
      jitter: 0,
      initialBackoffMs: 1,
      maxBackoffMs: 4,
      onResume: ({ delayMs }) => seen.push(delayMs),
      ...options,
    });
    await idsOf(reader);
    return seen;
  };

  test("double up to a bound; RESOURCE_EXHAUSTED waits ten times as long", async () => {
    const failed = Array.from({ length: 4 }, (): Script => ["UNAVAILABLE"]);
    expect(await waits({}, ...failed, ["RESOURCE_EXHAUSTED"], ["OK"])).toEqual([1, 2, 4, 4, 40]);
  });

  test("begin anew after a healthy stretch, and only then", async () => {
    const scripts: Script[] = [[1, "UNAVAILABLE"], [2, "UNAVAILABLE"], [3, "UNAVAILABLE"], ["OK"]];
    expect(await waits({ healthyAfterMs: 0 }, ...scripts)).toEqual([1, 1, 1]);
    expect(await waits({ healthyAfterMs: 60_000 }, ...scripts)).toEqual([1, 2, 4]);
  });

  test("a call that had no answer was not healthy", async () => {
    const refused = resume((): ClientReader<{ value: Uint8Array }> => refusedReader, {
      token: idOf,
      jitter: 0,
      initialBackoffMs: 1,
      healthyAfterMs: 0,
      maxAttempts: 3,
      onResume: ({ delayMs }) => seen.push(delayMs),
    });
    const seen: number[] = [];
    await idsOf(refused);
    expect(seen).toEqual([1, 2]);
  });

  test("are over under fake timers, and silence is noticed (P19)", async () => {
    const scripts: Script[] = [
      [1, "UNAVAILABLE"],
      [2, never],
      [3, "OK"],
    ];
    const server = await scriptedBy((after) => scripts[after] ?? []);
    vi.useFakeTimers();
    try {
      expect((await idsOf(resumed(server, { idleTimeoutMs: 20 }))).ids).toEqual([1, 2, 3]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("RetryInfo is the wait, on any status that goes on", async () => {
    const busy = (code: status, seconds: bigint, nanos: number): RpcError =>
      new RpcError(code, "busy", { details: [[RetryInfoSchema, { retryDelay: { seconds, nanos } }]] });
    const scripts: Script[] = [
      [busy(status.RESOURCE_EXHAUSTED, 0n, 7_500_000)],
      [busy(status.UNAVAILABLE, 0n, 2_000_000)],
      ["OK"],
    ];
    expect(await waits({}, ...scripts)).toEqual([7.5, 2]);
  });
});

const refusal = new RpcError(status.UNAVAILABLE, "nobody listens");
const refusedReader: ClientReader<{ value: Uint8Array }> = {
  header: rejecting(),
  trailer: Promise.resolve(new Metadata()),
  status: Promise.resolve(refusal),
  peer: "unknown",
  connection: undefined,
  compressed: undefined,
  cancel() {},
  recv: () => rejecting(),
  batches: () => ({ [Symbol.asyncIterator]: () => ({ next: () => rejecting() }) }),
  [Symbol.asyncIterator]: () => {
    throw refusal;
  },
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

function rejecting(): Promise<never> {
  const promise = Promise.reject(refusal);
  promise.catch(() => {});
  return promise;
}

describe("options", () => {
  const open = (): never => {
    throw new Error("not called");
  };
  test.each([
    [{ tokens: 1 }, /resume knows no option "tokens"; it takes statuses, initialBackoffMs/],
    [{ token: undefined }, /resume needs token/],
    [{ jitter: 2 }, /jitter is 2; it takes a number from 0 to 1/],
    [{ initialBackoffMs: -1 }, /initialBackoffMs is -1/],
    [{ maxBackoffMs: Number.NaN }, /maxBackoffMs is NaN/],
    [{ healthyAfterMs: -1 }, /healthyAfterMs/],
    [{ maxAttempts: 0 }, /maxAttempts is 0; it takes a number, at least 1/],
    [{ rememberTokens: 0 }, /rememberTokens/],
    [{ idleTimeoutMs: 0 }, /idleTimeoutMs is 0/],
    [{ statuses: { UNAVAILBLE: "resume" } }, /statuses: there is no status "UNAVAILBLE"/],
    [{ statuses: { UNAVAILABLE: "retry" } }, /statuses.UNAVAILABLE is retry; it takes resume, wait, end, throw/],
  ])("%j is a TypeError", (given, text) => {
    expect(() => resume(open, { token: () => 1, ...given } as never)).toThrow(text);
  });
});
