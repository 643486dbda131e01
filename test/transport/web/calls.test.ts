import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import type { ServerInterceptor } from "../../../src/runtime/index.js";
import { http2Transport, Metadata, RpcError, status } from "../../../src/runtime/index.js";
import { connectClient, type Door, doors, nameOf, serveAt, serverOf, type WebTrialHandlers } from "./doors.js";

const inProtobuf = doors.filter(({ json }) => !json).map((door) => [nameOf(door), door] as const);

/** A client of a door of these handlers, with the limits that both kinds of door know. */
async function open(
  door: Door,
  handlers: Partial<WebTrialHandlers>,
  limits: { maxReceiveMessageBytes?: number; compression?: "gzip"; highWaterMark?: number } = {},
  interceptors: readonly ServerInterceptor[] = [],
) {
  const server = serverOf(handlers, { transport: http2Transport(limits), interceptors, onError: () => {} });
  const url = await serveAt(door.place, server, limits);
  return { server, url, client: connectClient(url, door) };
}

async function failure(promise: Promise<unknown>): Promise<ConnectError> {
  try {
    await promise;
  } catch (error) {
    return ConnectError.from(error);
  }
  throw new Error("expected a rejection");
}

/** Resolves when it was told to. */
function signal(): { readonly come: Promise<void>; tell(): void } {
  let tell = (): void => {};
  const come = new Promise<void>((resolve) => {
    tell = resolve;
  });
  return { come, tell };
}

describe.each(inProtobuf)("%s", (_name, door) => {
  test("an error has its code, text, details, header and trailers", async () => {
    const { client } = await open(door, {
      greet(_request, call) {
        const header = new Metadata();
        header.set("x-header", "1");
        header.set("x-header-bin", Uint8Array.of(1, 250));
        call.sendHeader(header);
        const metadata = new Metadata();
        metadata.set("x-trailer", "2");
        throw new RpcError(status.FAILED_PRECONDITION, "nicht jetzt: 100 % €", {
          metadata,
          details: [[StringValueSchema, { value: "why" }]],
        });
      },
    });
    const error = await failure(client.greet({ value: "x" }));
    expect([error.code, error.rawMessage]).toEqual([Code.FailedPrecondition, "nicht jetzt: 100 % €"]);
    expect(error.findDetails(StringValueSchema).map(({ value }) => value)).toEqual(["why"]);
    expect(error.metadata.get("x-trailer")).toBe("2");
    expect([error.metadata.get("x-header"), error.metadata.get("x-header-bin")]).toEqual(["1", "Afo"]);
  });

  test("an error behind messages comes behind them", async () => {
    const { client } = await open(door, {
      async *download() {
        yield { value: Uint8Array.of(1) };
        yield { value: Uint8Array.of(2) };
        throw new RpcError(status.ABORTED, "enough");
      },
    });
    const got: number[] = [];
    const read = async () => {
      for await (const { value } of client.download({ value: 0 })) got.push(...value);
    };
    expect((await failure(read())).code).toBe(Code.Aborted);
    expect(got).toEqual([1, 2]);
  });

  test("what is thrown and no status is UNKNOWN without its text", async () => {
    const { client } = await open(door, {
      greet() {
        throw new Error("secret");
      },
    });
    const error = await failure(client.greet({ value: "x" }));
    expect(error.code).toBe(Code.Unknown);
    expect(error.message).not.toContain("secret");
  });

  test("metadata arrives, each way; protocols' own headers are not among it", async () => {
    let seen: string[] = [];
    const { client } = await open(door, {
      greet(_request, call) {
        seen = Object.keys(call.metadata.getMap());
        call.trailer.set("x-b-bin", Uint8Array.of(7));
        return { value: String(call.metadata.get("x-a")) };
      },
    });
    const trailers: (string | null)[] = [];
    const response = await client.greet(
      { value: "x" },
      { headers: { "x-a": "1" }, onTrailer: (trailer) => trailers.push(trailer.get("x-b-bin")) },
    );
    expect(response.value).toBe("1");
    expect(trailers).toEqual(["Bw"]);
    expect(seen).toContain("x-a");
    expect(seen.filter((name) => /^(grpc-|connect-|content-|te$|accept-encoding|:)/.test(name))).toEqual([]);
  });

  test("a name of an answer's header may have several values", async () => {
    const { client } = await open(door, {
      greet(request, call) {
        const header = new Metadata();
        header.add("x-many", "1");
        header.add("x-other", "x-many");
        header.add("x-many", "2");
        call.sendHeader(header);
        return request;
      },
    });
    const seen: unknown[] = [];
    await client.greet(
      { value: "x" },
      { onHeader: (header) => seen.push(header.get("x-many"), header.get("x-other")) },
    );
    expect(seen).toEqual(["1, 2", "x-many"]);
  });

  test("a stream goes on where hardly anything may wait", async () => {
    const { client } = await open(
      door,
      {
        async *download() {
          for (let i = 0; i < 20; i++) yield { value: new Uint8Array(1000) };
        },
      },
      { highWaterMark: 1 },
    );
    let size = 0;
    for await (const { value } of client.download({ value: 0 })) size += value.length;
    expect(size).toBe(20_000);
  });

  test("a deadline travels and ends both sides", async () => {
    const ended = signal();
    let left = 0;
    const { client } = await open(door, {
      async greet(_request, call) {
        left = call.timeoutMs();
        call.signal.addEventListener("abort", () => ended.tell());
        await ended.come;
        return { value: "" };
      },
    });
    const error = await failure(client.greet({ value: "x" }, { timeoutMs: 1_000 }));
    await ended.come;
    expect(error.code).toBe(Code.DeadlineExceeded);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(1_000);
  });

  test("leaving a stream cancels the call on the server", async () => {
    const ended = signal();
    const { client } = await open(door, {
      async download(_request, call) {
        call.signal.addEventListener("abort", () => ended.tell());
        for (;;) if (!(await call.send({ value: new Uint8Array(1000) }))) return;
      },
    });
    const abort = new AbortController();
    const read = async () => {
      for await (const _message of client.download({ value: 0 }, { signal: abort.signal })) abort.abort();
    };
    expect((await failure(read())).code).toBe(Code.Canceled);
    await ended.come;
  });

  test("a message over the limit is refused, and its handler hears nothing of it", async () => {
    let called = 0;
    const { client } = await open(
      door,
      {
        greet() {
          called++;
          return { value: "" };
        },
      },
      { maxReceiveMessageBytes: 1000 },
    );
    const error = await failure(client.greet({ value: "x".repeat(2000) }));
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(error.rawMessage).toContain("1000");
    expect(called).toBe(0);
    expect((await client.greet({ value: "x" })).value).toBe("");
  });

  test("answers are compressed for clients that take it", async () => {
    const { client } = await open(
      door,
      {
        greet: ({ value }) => ({ value: value.repeat(1000) }),
        async *download() {
          yield { value: new Uint8Array(5000) };
        },
      },
      { compression: "gzip" },
    );
    let encoding: string | null = null;
    const options = {
      onHeader(headers: Headers) {
        encoding =
          headers.get("content-encoding") ?? headers.get("grpc-encoding") ?? headers.get("connect-content-encoding");
      },
    };
    expect((await client.greet({ value: "x" }, options)).value).toHaveLength(1000);
    expect(encoding).toBe("gzip");
    for await (const { value } of client.download({ value: 0 }, options)) expect(value).toHaveLength(5000);
    expect(encoding).toBe("gzip");
  });

  test("interceptors are around every call, and the server counts it", async () => {
    const paths: string[] = [];
    const { client, server } = await open(door, { greet: ({ value }) => ({ value }) }, {}, [
      async (call, next) => {
        paths.push(call.method.path);
        await next();
      },
    ]);
    await client.greet({ value: "x" });
    await failure(client.download({ value: 1 })[Symbol.asyncIterator]().next());
    expect(paths).toEqual(["/contract.v1.Trial/Greet", "/contract.v1.Trial/Download"]);
    expect(server.stats().calls).toEqual({ started: 2, succeeded: 1, failed: 1 });
  });

  test("shutdown lets open calls finish", async () => {
    const began = signal();
    const go = signal();
    const { client, server } = await open(door, {
      async greet({ value }) {
        began.tell();
        await go.come;
        return { value };
      },
    });
    const answer = client.greet({ value: "x" });
    await began.come;
    const down = server.shutdown({ graceMs: 10_000 });
    go.tell();
    expect((await answer).value).toBe("x");
    await down;
  });

  test("shutdown without grace ends them with UNAVAILABLE", async () => {
    const began = signal();
    const ended = signal();
    const { client, server } = await open(door, {
      async greet(_request, call) {
        began.tell();
        await new Promise<void>((resolve) => call.signal.addEventListener("abort", () => resolve()));
        ended.tell();
        return { value: "" };
      },
    });
    const error = failure(client.greet({ value: "x" }));
    await began.come;
    await server.shutdown();
    expect((await error).code).toBe(Code.Unavailable);
    await ended.come;
  });

  test("a method that no handler implements is UNIMPLEMENTED", async () => {
    const { client } = await open(door, {});
    expect((await failure(client.greet({ value: "x" }))).code).toBe(Code.Unimplemented);
  });
});
