import { constants } from "node:http2";
import { describe, expect, onTestFinished, test } from "vitest";
import { Metadata, RpcError, type ServerDuplex, status } from "../../../src/runtime/index.js";
import { bytesFrame, GRPC_HEADERS, rawServer } from "../../contract/harness/raw-server.js";
import type { StringInit } from "../../contract/harness/trial-service.js";
import { TrialClient } from "../../contract/harness/trial-service.js";
import { connectWith, RETRY, setUp } from "./setting.js";

// What grpc-go and gRPC's C core test of their own retries (test/retry_test.go, test/core/end2end/tests/retry_*), in our words.

describe("unary, as grpc-go: which of the server's answers a call ends with", () => {
  test("retryable and other codes", async () => {
    const answers: Record<number, number> = {
      0: 0,
      2: 0,
      5: 0,
      6: status.INTERNAL,
      8: status.INTERNAL,
      11: status.INTERNAL,
    };
    let asked = -1;
    const { client } = await setUp(
      {
        greet() {
          const code = answers[++asked] ?? status.ALREADY_EXISTS;
          if (code === status.OK) return {};
          throw new RpcError(code, "");
        },
      },
      { waitForReady: true, retryPolicy: { ...RETRY, retryableStatusCodes: ["ALREADY_EXISTS"] } },
    );
    const ends = [];
    for (let call = 0; call < 7; call++) ends.push([await codeOf(client.greet({ value: "" })), asked]);
    expect(ends).toEqual([
      [status.OK, 0],
      [status.OK, 2],
      [status.OK, 5],
      [status.INTERNAL, 6],
      [status.INTERNAL, 8],
      [status.INTERNAL, 11],
      [status.ALREADY_EXISTS, 15],
    ]);
  });

  test("throttling", async () => {
    const good = new Set([0, 3, 6, 10, 11, 12, 13, 14, 16, 18]);
    let asked = -1;
    const { client, channel } = await setUp(
      {
        greet() {
          if (good.has(++asked)) return {};
          throw new RpcError(status.UNAVAILABLE, "");
        },
      },
      { retryPolicy: RETRY, throttling: { maxTokens: 10, tokenRatio: 0.5 } },
    );
    const ends = [];
    for (let call = 0; call < 12; call++) {
      ends.push([await codeOf(client.greet({ value: "" })), asked, channel.stats?.().retries?.tokens]);
    }
    const { OK, UNAVAILABLE } = status;
    expect(ends).toEqual([
      [OK, 0, 10],
      [OK, 3, 8.5],
      [OK, 6, 7],
      [UNAVAILABLE, 8, 5],
      [UNAVAILABLE, 9, 4],
      [OK, 10, 4.5],
      [OK, 11, 5],
      [OK, 12, 5.5],
      [OK, 13, 6],
      [OK, 14, 6.5],
      [OK, 16, 6],
      [UNAVAILABLE, 17, 5],
    ]);
  });
});

/**
 * What a server does in one attempt, and the client in its call: `1` sends it, `<1` awaits it, `header` sends (awaits) it, `half` closes the
 * sending side (awaits that), `push=…` is the pushback, and a code's name ends it.
 */
type Script = string;

const STREAMING: readonly [title: string, attempts: Script[], client: Script][] = [
  ["another code", ["<1 INTERNAL"], "1 INTERNAL"],
  ["one retry", ["<1 UNAVAILABLE", "<1 1"], "1 <1 OK"],
  ["the most attempts", ["<1 UNAVAILABLE", "<1 UNAVAILABLE", "<1 UNAVAILABLE", "<1 UNAVAILABLE"], "1 UNAVAILABLE"],
  ["several requests", ["<1 <2 UNAVAILABLE", "<1 <2 5"], "1 2 <5 OK"],
  ["successive requests", ["<1 UNAVAILABLE", "<1 <2 UNAVAILABLE", "<1 <2 <3 5"], "1 2 3 <5 OK"],
  ["none after a message", ["<1 UNAVAILABLE", "<1 3 UNAVAILABLE"], "1 <3 UNAVAILABLE"],
  ["while the header is awaited", ["<1 UNAVAILABLE", "<1 header OK"], "1 header OK"],
  ["none after a header", ["<1 header UNAVAILABLE"], "1 header UNAVAILABLE"],
  ["the half-close is sent again", ["<1 <2 half UNAVAILABLE", "<1 <2 half 1 3 5"], "1 2 half <1 <3 <5 OK"],
  ["a negative pushback", ["<1 push=-1 UNAVAILABLE"], "1 UNAVAILABLE"],
  ["a pushback that is no number", ["<1 push=xxx UNAVAILABLE"], "1 UNAVAILABLE"],
  ["several pushbacks", ["<1 push=100 push=10 UNAVAILABLE"], "1 UNAVAILABLE"],
  ["a pushback of 0", ["<1 push=0 UNAVAILABLE", "<1 1"], "1 <1 OK"],
  ["a pushback, then the policy's wait", ["<1 push=5 UNAVAILABLE", "<1 UNAVAILABLE", "<1 5"], "1 <5 OK"],
  ["OK without a message", ["<1 UNAVAILABLE", "<1 OK"], "1 OK"],
  ["a failure before any request", ["UNAVAILABLE", "<1 2"], "1 <2 OK"],
  ["no request at all", ["UNAVAILABLE", "half 7"], "half <7 OK"],
  ["the code of the last attempt is the call's", ["UNAVAILABLE", "UNAVAILABLE", "DATA_LOSS"], "DATA_LOSS"],
];

test.each(STREAMING)("streaming, as grpc-go: %s", async (_, attempts, script) => {
  let attempt = 0;
  const { client } = await setUp({
    async *chat(call) {
      const number = attempt++;
      const previous = call.metadata.get("grpc-previous-rpc-attempts");
      expect(previous).toEqual(number === 0 ? [] : [`${number}`]);
      yield* play(call, attempts[number]?.split(" ") ?? [status[status.FAILED_PRECONDITION]]);
    },
  });
  const call = client.chat();
  for (const step of script.split(" ")) {
    if (step === "header") await call.header;
    else if (step === "half") await call.closeSend();
    else if (step.startsWith("<")) expect((await call.recv())?.value).toBe(step.slice(1));
    else if (/^[A-Z_]+$/.test(step)) expect(status[await codeOf(call.recv())]).toBe(step);
    else await call.send({ value: step });
  }
  expect(attempt).toBe(attempts.length);
});

async function* play(call: ServerDuplex<{ value: string }, StringInit>, steps: string[]): AsyncGenerator<StringInit> {
  for (const step of steps) {
    if (step === "header") call.sendHeader();
    else if (step === "half") expect(await call.recv()).toBeUndefined();
    else if (step.startsWith("<")) expect((await call.recv())?.value).toBe(step.slice(1));
    else if (step.startsWith("push=")) call.trailer.add("grpc-retry-pushback-ms", step.slice("push=".length));
    else if (step === "OK") return;
    else if (/^[A-Z_]+$/.test(step)) {
      await new Promise((resolve) => setTimeout(resolve, 5)); // a header goes out by itself
      throw new RpcError(status[step as "UNAVAILABLE"], "as the script says"); // it is a name
    } else yield { value: step };
  }
}

async function codeOf(promise: Promise<unknown>): Promise<status> {
  try {
    await promise;
    return status.OK;
  } catch (error) {
    expect(error).toBeInstanceOf(RpcError);
    return (error as RpcError).code; // as was just seen
  }
}

describe("on the wire, as the C core", () => {
  type OnStream = Parameters<typeof rawServer>[0];
  async function against(
    onStream: (number: number, ...stream: Parameters<OnStream>) => void,
  ): Promise<{ client: TrialClient; seen: string[] }> {
    const seen: string[] = [];
    const server = await rawServer((stream, headers) => {
      seen.push(String(headers["grpc-previous-rpc-attempts"] ?? "-"));
      stream.resume();
      onStream(seen.length, stream, headers);
    });
    onTestFinished(() => server.close());
    return { client: new TrialClient(connectWith(server.port)), seen };
  }
  const trailersOnly = (code: number) => ({ ...GRPC_HEADERS, "grpc-status": code });
  const answered: OnStream = (stream) => {
    stream.respond(GRPC_HEADERS, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(bytesFrame(new Uint8Array(0)));
  };

  test("trailers alone are no header: retried", async () => {
    const { client, seen } = await against((number, stream, headers) => {
      if (number < 3) stream.respond(trailersOnly(status.UNAVAILABLE), { endStream: true });
      else answered(stream, headers);
    });
    await client.greet({ value: "" });
    expect(seen).toEqual(["-", "1", "2"]);
  });

  test("a header and then UNAVAILABLE in the trailers: not retried", async () => {
    const { client, seen } = await against((_, stream) => {
      stream.respond(GRPC_HEADERS, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": `${status.UNAVAILABLE}` }));
      stream.end();
    });
    expect(await codeOf(client.greet({ value: "" }))).toBe(status.UNAVAILABLE);
    expect(seen).toEqual(["-"]);
  });

  test("a stream that is refused is sent again by itself, once, which is no attempt; then by the policy", async () => {
    const { client, seen } = await against((number, stream, headers) => {
      if (number <= 3) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else answered(stream, headers);
    });
    await client.greet({ value: "" });
    expect(seen).toEqual(["-", "-", "1", "1"]);
  });

  test("HTTP 503, as of a proxy, is UNAVAILABLE and retried", async () => {
    const { client, seen } = await against((number, stream, headers) => {
      if (number === 1) stream.respond({ ":status": 503 }, { endStream: true });
      else answered(stream, headers);
    });
    await client.greet({ value: "" });
    expect(seen).toEqual(["-", "1"]);
  });

  test("a connection that is lost is UNAVAILABLE and retried on another", async () => {
    const { client, seen } = await against((number, stream, headers) => {
      if (number === 1) stream.session?.destroy();
      else answered(stream, headers);
    });
    await client.greet({ value: "" });
    expect(seen).toEqual(["-", "1"]);
  });

  test("the request's metadata is sent with every attempt", async () => {
    const tokens: unknown[] = [];
    const { client } = await against((number, stream, headers) => {
      tokens.push([headers["x-token"], headers["x-bytes-bin"]]);
      if (number < 3) stream.respond(trailersOnly(status.UNAVAILABLE), { endStream: true });
      else answered(stream, headers);
    });
    const metadata = new Metadata();
    metadata.set("x-token", "t");
    metadata.set("x-bytes-bin", Uint8Array.of(1, 2));
    await client.greet({ value: "" }, { metadata });
    expect(tokens).toEqual(Array(3).fill(["t", "AQI"]));
    expect(metadata.get("grpc-previous-rpc-attempts")).toEqual([]);
  });
});
