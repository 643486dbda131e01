import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Metadata } from "../../src/runtime/core/metadata.js";
import { status } from "../../src/runtime/core/status.js";
import type { Http2ServerOptions } from "../../src/runtime/transport/grpc-h2/index.js";
import { type Listening, listenHttp2 } from "../transport/listen.js";
import { echo, methodServers, ok, ServerRecorder, text } from "../transport/support.js";
import { decodeHeaders } from "./decode-headers.js";
import {
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  HEADERS,
  headerBlock,
  message,
  PING,
  PREFACE,
  RST_STREAM,
  SETTINGS,
  settings,
  uint32,
  WINDOW_UPDATE,
} from "./frames.js";
import { handlesAtMost, openHandles } from "./handles.js";
import { type RawPeer, rawClient } from "./raw-peer.js";

const HEADER_TABLE_SIZE = 1;
const INITIAL_WINDOW = 4;
const MAX_HEADER_LIST_SIZE = 6;
const hi = message("hi");

let before: number;
let server: Listening;
let calls: ServerRecorder[] = [];
let peers: RawPeer[] = [];

async function listen(options: Http2ServerOptions = {}): Promise<void> {
  server = await listenHttp2(
    methodServers({
      Record: (stream) => {
        const recorder = new ServerRecorder(stream);
        calls.push(recorder);
        return recorder;
      },
      Firehose: (stream) => {
        const recorder = new ServerRecorder(stream);
        calls.push(recorder);
        const pump = () => {
          while (recorder.cancelled === undefined && stream.write(Buffer.alloc(1000))) {}
        };
        recorder.onDrain = pump;
        pump();
        return recorder;
      },
      Echo: echo,
    }),
    "127.0.0.1:0",
    options,
  );
}

beforeEach(() => {
  before = openHandles();
  calls = [];
  peers = [];
});

afterEach(async () => {
  for (const peer of peers) peer.socket.destroy();
  await server.shutdown();
  await handlesAtMost(before);
});

async function client(...pairs: [id: number, value: number][]): Promise<RawPeer> {
  const peer = await rawClient(server.port, [HEADER_TABLE_SIZE, 0], ...pairs);
  peers.push(peer);
  return peer;
}

/** The server's call, once it is there and has this many messages. */
async function served(messages = 0): Promise<ServerRecorder> {
  while (calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  const call = calls[0]!;
  await call.until(() => call.messages.length >= messages || call.cancelled !== undefined);
  return call;
}

async function headersOf(peer: RawPeer, stream = 1, ended = false): ReturnType<typeof decodeHeaders> {
  const block = await peer.next(
    (one) => one.type === HEADERS && one.stream === stream && (!ended || (one.flags & END_STREAM) !== 0),
  );
  return decodeHeaders(block.payload);
}

/** The server is well: another client is answered. */
async function works(): Promise<void> {
  const peer = await client();
  peer.request(1, "/test.Test/Echo");
  peer.data(1, hi, END_STREAM);
  expect((await peer.next((one) => one.type === DATA)).payload).toEqual(hi);
  expect(await headersOf(peer, 1, true)).toMatchObject({ "grpc-status": "0" });
}

interface Refusal {
  readonly name: string;
  readonly code: status;
  readonly extra?: readonly (readonly [string, string])[];
  readonly body?: Uint8Array;
  /** The messages that the handler gets first. */
  readonly messages?: readonly string[];
  /** Whether the request never reaches a handler. */
  readonly unheard?: boolean;
  readonly path?: string;
}

const GZIP = [["grpc-encoding", "gzip"]] as const;

const REFUSALS: readonly Refusal[] = [
  {
    name: "half a message, then the end",
    code: status.INTERNAL,
    body: Buffer.concat([hi, hi.subarray(0, 6)]),
    messages: ["hi"],
  },
  { name: "half a frame header, then the end", code: status.INTERNAL, body: hi.subarray(0, 2) },
  { name: "a length prefix of 4 GiB", code: status.RESOURCE_EXHAUSTED, body: Buffer.from([0, 255, 255, 255, 255]) },
  {
    name: "a message over the limit",
    code: status.RESOURCE_EXHAUSTED,
    body: Buffer.from([0, 0, 0x40, 0, 1]),
    messages: [],
  },
  { name: "the compressed flag without grpc-encoding", code: status.INTERNAL, body: message("x", 1) },
  { name: "a flag byte that means nothing", code: status.INTERNAL, body: message("x", 77) },
  { name: "bytes that are no gzip", code: status.INTERNAL, body: message("x", 1), extra: GZIP },
  {
    name: "a gzip bomb",
    code: status.RESOURCE_EXHAUSTED,
    body: message(gzipSync(Buffer.alloc(8 << 20)), 1),
    extra: GZIP,
  },
  { name: "an unknown grpc-encoding", code: status.UNIMPLEMENTED, extra: [["grpc-encoding", "br"]], unheard: true },
  { name: "a grpc-timeout that is none", code: status.INTERNAL, extra: [["grpc-timeout", "soon"]], unheard: true },
  {
    name: "a grpc-timeout with too many digits",
    code: status.INTERNAL,
    extra: [["grpc-timeout", "123456789S"]],
    unheard: true,
  },
  { name: "an unknown method", code: status.UNIMPLEMENTED, path: "/test.Test/Nope", unheard: true },
  {
    name: "a deadline that has passed",
    code: status.DEADLINE_EXCEEDED,
    extra: [["grpc-timeout", "0m"]],
    unheard: true,
  },
  {
    name: "metadata over the limit",
    code: status.RESOURCE_EXHAUSTED,
    extra: [["x", "y".repeat(15_000)]],
    unheard: true,
  },
];

describe("requests that cannot be answered", () => {
  test.each(REFUSALS)("$name", async ({ code, extra = [], body, messages, unheard, path = "/test.Test/Record" }) => {
    await listen({ maxMetadataBytes: 12_000 });
    const peer = await client();
    peer.request(1, path, extra);
    if (body !== undefined) peer.data(1, body, END_STREAM);
    const trailers = await headersOf(peer, 1, true);
    expect(Number(trailers["grpc-status"])).toBe(code);
    if (unheard) expect(calls).toEqual([]);
    else {
      const call = await served();
      await call.until(() => call.cancelled !== undefined);
      expect(call.cancelled?.code).toBe(code);
      expect(call.halfClosed).toBe(false);
      if (messages !== undefined) expect(call.text).toEqual(messages);
    }
    await works();
  });

  test.each([
    ["a content-type that is not gRPC's", "POST", "application/json", "415"],
    ["a content-type that only begins like gRPC's", "POST", "application/grpcish", "415"],
    ["a GET", "GET", "application/grpc", "405"],
  ])("%s", async (_name, method, contentType, http) => {
    await listen();
    const peer = await client();
    const headers = [
      [":method", method],
      [":scheme", "http"],
      [":path", "/test.Test/Record"],
      [":authority", "x"],
      ["content-type", contentType],
    ] as const;
    peer.headers(1, headers, END_STREAM);
    expect(await headersOf(peer)).toMatchObject({ ":status": Number(http) });
    expect(calls).toEqual([]);
    await works();
  });
});

describe("clients that go away", () => {
  test.each(Array.from({ length: 14 }, (_, code) => code))(
    "P6 RST_STREAM %i: no clean end, the call is cancelled",
    async (code) => {
      await listen();
      const peer = await client();
      peer.request(1, "/test.Test/Record");
      peer.data(1, hi);
      const call = await served(1);
      peer.reset(1, code);
      await call.until(() => call.cancelled !== undefined);
      expect(call.events).toEqual(["messages", "cancel"]);
      expect(call.cancelled?.code).toBe(status.CANCELLED);
      await works();
    },
  );

  test("P6 a reset of a paused call is heard, behind what had arrived", async () => {
    await listen();
    const peer = await client();
    peer.request(1, "/test.Test/Record");
    peer.data(1, hi);
    const call = await served(1);
    call.paused = true;
    peer.data(1, Buffer.concat([hi, hi]));
    peer.reset(1, 8);
    await call.until(() => call.cancelled !== undefined);
    expect(call.halfClosed).toBe(false);
    call.take();
    expect(call.text).toEqual(["hi", "hi", "hi"]);
  });

  test("P6 END_STREAM and RST_STREAM at once, as grpc-js cancels: no clean end", async () => {
    await listen();
    const peer = await client();
    peer.request(1, "/test.Test/Record", [["user-agent", "grpc-node-js/1.14.7"]]);
    peer.data(1, hi);
    const call = await served(1);
    peer.send(frame(DATA, END_STREAM, 1), frame(RST_STREAM, 0, 1, uint32(8)));
    await call.until(() => call.cancelled !== undefined);
    expect(call.halfClosed).toBe(false);
  });

  test("a true end, then a reset: the call is cancelled, and its answer goes nowhere", async () => {
    await listen();
    const peer = await client();
    peer.request(1, "/test.Test/Record");
    peer.data(1, hi, END_STREAM);
    const call = await served(1);
    await call.until(() => call.halfClosed);
    peer.reset(1, 8);
    await call.until(() => call.cancelled !== undefined);
    call.stream.write(text("late"));
    call.finish(ok());
    await works();
    expect(peer.frames.filter((one) => one.stream === 1 && one.type === DATA)).toEqual([]);
  });

  test.each([
    ["FIN", (peer: RawPeer) => void peer.socket.end()],
    ["RST", (peer: RawPeer) => void peer.socket.resetAndDestroy()],
    [
      "GOAWAY and FIN",
      (peer: RawPeer) => {
        peer.goaway(0, 2);
        peer.socket.end();
      },
    ],
    [
      "bytes that are no HTTP/2",
      (peer: RawPeer) => {
        peer.send(Buffer.from("GET / HTTP/1.1\r\nhost: x\r\n\r\n"));
        peer.socket.end();
      },
    ],
    [
      "a header block that is no HPACK",
      (peer: RawPeer) => {
        peer.send(frame(HEADERS, END_HEADERS, 3, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff])));
        peer.socket.end();
      },
    ],
    [
      "DATA on stream 0",
      (peer: RawPeer) => {
        peer.data(0, hi);
        peer.socket.end();
      },
    ],
  ])("P6 the connection goes by %s: no clean end, the call is cancelled", async (_name, go) => {
    await listen({ keepaliveTimeMs: 40, keepaliveTimeoutMs: 40 });
    const peer = await client();
    peer.request(1, "/test.Test/Record");
    peer.data(1, hi);
    const call = await served(1);
    go(peer);
    await call.until(() => call.cancelled !== undefined);
    expect(call.halfClosed).toBe(false);
    expect(call.cancelled?.code).toBe(status.CANCELLED);
    await works();
  });

  test("P16 a text is cut to the header list that the client takes", async () => {
    await listen();
    const peer = await client([MAX_HEADER_LIST_SIZE, 400]);
    peer.request(1, "/test.Test/Record");
    const call = await served();
    call.finish({ code: status.ABORTED, details: "x".repeat(5000), metadata: new Metadata() });
    const headers = await headersOf(peer, 1, true);
    expect(headers["grpc-status"]).toBe("10");
    expect(headers["grpc-message"]).toMatch(/^x+\.\.\. \(cut\)$/);
    const size = Object.entries(headers).reduce(
      (sum, [name, value]) => sum + name.length + String(value).length + 32,
      0,
    );
    expect(size).toBeLessThanOrEqual(400);
  });

  test("a client that does not answer keepalive pings", async () => {
    await listen({ keepaliveTimeMs: 30, keepaliveTimeoutMs: 40 });
    const peer = await client();
    peer.answersPings = false;
    peer.request(1, "/test.Test/Record");
    const call = await served();
    await call.until(() => call.cancelled !== undefined);
    expect(call.cancelled?.code).toBe(status.CANCELLED);
    await peer.end();
  });

  test("P9 a client that reads nothing holds up its handler, until the deadline", async () => {
    await listen();
    const peer = await client([INITIAL_WINDOW, 1000]);
    peer.request(1, "/test.Test/Firehose", [["grpc-timeout", "150m"]]);
    const call = await served();
    await call.until(() => call.cancelled !== undefined);
    expect(call.cancelled?.code).toBe(status.DEADLINE_EXCEEDED);
    await peer.next((one) => one.type === RST_STREAM);
    await works();
  });

  test("a client that sends on after its answer: told to stop, with NO_ERROR (P15)", async () => {
    await listen();
    const peer = await client();
    peer.request(1, "/test.Test/Record");
    peer.data(1, hi);
    const call = await served(1);
    call.finish(ok());
    expect(await headersOf(peer, 1, true)).toMatchObject({ "grpc-status": "0" });
    const reset = await peer.next((one) => one.type === RST_STREAM);
    expect(reset.payload.readUInt32BE(0)).toBe(0);
    peer.data(1, hi);
    peer.data(1, hi, END_STREAM);
    await works();
  });

  test("a message byte by byte", async () => {
    await listen();
    const peer = await client();
    peer.request(1, "/test.Test/Record");
    for (const byte of Buffer.concat([hi, message(""), message("there")])) peer.data(1, Buffer.from([byte]));
    peer.data(1, Buffer.alloc(0), END_STREAM);
    const call = await served(3);
    await call.until(() => call.halfClosed);
    expect(call.text).toEqual(["hi", "", "there"]);
    call.finish({ code: status.OK, details: "", metadata: new Metadata() });
  });

  test("headers after the end of the request", async () => {
    await listen();
    const peer = await client();
    peer.request(1, "/test.Test/Record");
    peer.data(1, hi, END_STREAM);
    const call = await served(1);
    await call.until(() => call.halfClosed);
    peer.headers(1, [["x", "y"]], END_STREAM);
    await call.until(() => call.cancelled !== undefined);
    await works();
  });
});

describe("floods and slow connections", () => {
  const floods: readonly [name: string, send: (peer: RawPeer) => void][] = [
    [
      "PING",
      (peer) => {
        for (let i = 0; i < 3000; i++) peer.socket.write(frame(PING, 0, 0, Buffer.alloc(8)));
      },
    ],
    [
      "SETTINGS",
      (peer) => {
        for (let i = 0; i < 3000; i++) peer.socket.write(frame(SETTINGS, 0, 0, settings([3, i])));
      },
    ],
    [
      "CONTINUATION",
      (peer) => {
        peer.send(frame(HEADERS, 0, 1, headerBlock([[":method", "POST"]])));
        for (let i = 0; i < 3000; i++) peer.socket.write(frame(CONTINUATION, 0, 1, headerBlock([["x", "y"]])));
      },
    ],
    [
      "RST_STREAM (rapid reset)",
      (peer) => {
        for (let i = 0; i < 3000; i++) {
          peer.request(1 + 2 * i, "/test.Test/Record");
          peer.reset(1 + 2 * i, 8);
        }
      },
    ],
    [
      "invalid frames",
      (peer) => {
        for (let i = 0; i < 2000; i++) peer.socket.write(frame(WINDOW_UPDATE, 0, 1, uint32(0)));
      },
    ],
  ];
  test.each(floods)("a flood of %s costs the client its connection, nobody else", async (_name, send) => {
    await listen();
    const peer = await client();
    peer.answersPings = false;
    send(peer);
    await peer.end();
    for (const call of calls) await call.until(() => call.cancelled !== undefined);
    await works();
  });

  test("a connection that says nothing is closed after handshakeTimeoutMs", async () => {
    await listen({ handshakeTimeoutMs: 50 });
    const peer = await client();
    const silent = await rawClient(server.port);
    silent.socket.destroy();
    const { connect } = await import("node:net");
    const socket = connect(server.port, "127.0.0.1");
    socket.resume();
    await new Promise((resolve) => socket.on("close", resolve));
    await works();
    expect(peer.closed).toBe(false);
  });

  test("half a preface is closed after handshakeTimeoutMs", async () => {
    await listen({ handshakeTimeoutMs: 50 });
    const { connect } = await import("node:net");
    const socket = connect(server.port, "127.0.0.1");
    socket.write(PREFACE.subarray(0, 10));
    socket.resume();
    await new Promise((resolve) => socket.on("close", resolve));
    await works();
  });

  test("calls beyond maxConcurrentStreams are refused, the others go on", async () => {
    await listen({ maxConcurrentStreams: 2 });
    const peer = await client();
    for (const id of [1, 3, 5]) peer.request(id, "/test.Test/Record");
    const reset = await peer.next((one) => one.type === RST_STREAM);
    expect(reset.stream).toBe(5);
    expect(reset.payload.readUInt32BE(0)).toBe(7);
    peer.data(1, hi);
    await served(1);
  });

  test("a connection without calls is asked to go after maxConnectionIdleMs", async () => {
    await listen({ maxConnectionIdleMs: 40 });
    const peer = await client();
    await peer.end();
  });

  test("a connection is asked to go at maxConnectionAgeMs; its call goes on to the end of the grace", async () => {
    await listen({ maxConnectionAgeMs: 40, maxConnectionAgeGraceMs: 60 });
    const peer = await client();
    peer.request(1, "/test.Test/Record");
    const call = await served();
    await call.until(() => call.cancelled !== undefined);
    await peer.end();
  });
});
