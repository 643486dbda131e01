import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { monotonicMs } from "../../src/runtime/core/clock.js";
import { status } from "../../src/runtime/core/status.js";
import type { Http2Channel, Http2ChannelOptions } from "../../src/runtime/transport/grpc-h2/index.js";
import { http2Channel } from "../transport/listen.js";
import { bytesMethod, Recorder, text } from "../transport/support.js";
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
  PUSH_PROMISE,
  SETTINGS,
  settings,
  uint32,
  WINDOW_UPDATE,
} from "./frames.js";
import { handlesAtMost, openHandles } from "./handles.js";
import { type RawPeer, RawServer } from "./raw-peer.js";

/** What a server does to stream 1 of a connection, and the status the call must end with. */
interface Fault {
  readonly name: string;
  readonly code: status | readonly status[];
  /** The messages that are delivered before the status. */
  readonly messages?: readonly string[];
  readonly deadlineMs?: number;
  readonly options?: Http2ChannelOptions;
  run(peer: RawPeer, call: Recorder): void | Promise<void>;
}

type Headers = readonly (readonly [name: string, value: string])[];
const GZIP: Headers = [["grpc-encoding", "gzip"]];
const ANY = Array.from({ length: 16 }, (_, code) => (code + 1) as status); // every code but OK
const hi = message("hi");

const RESETS: Readonly<Record<number, status>> = {
  0: status.INTERNAL,
  1: status.INTERNAL,
  2: status.INTERNAL,
  3: status.INTERNAL,
  4: status.INTERNAL,
  5: status.INTERNAL,
  6: status.INTERNAL,
  7: status.UNAVAILABLE,
  8: status.CANCELLED,
  9: status.INTERNAL,
  10: status.INTERNAL,
  11: status.RESOURCE_EXHAUSTED,
  12: status.PERMISSION_DENIED,
  13: status.INTERNAL,
  255: status.INTERNAL,
};

const HTTP: Readonly<Record<number, status>> = {
  204: status.UNKNOWN,
  302: status.UNKNOWN,
  400: status.INTERNAL,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.UNIMPLEMENTED,
  418: status.UNKNOWN,
  429: status.UNAVAILABLE,
  500: status.UNKNOWN,
  502: status.UNAVAILABLE,
  503: status.UNAVAILABLE,
  504: status.UNAVAILABLE,
};

function answering(
  name: string,
  code: Fault["code"],
  body: Uint8Array,
  extra: Headers = [],
  more: Partial<Fault> = {},
): Fault {
  return {
    name,
    code,
    ...more,
    run(peer) {
      peer.respond(1, extra);
      peer.data(1, body);
      peer.trailers(1);
    },
  };
}

function trailing(name: string, code: status, headers: Headers, messages: string[] = ["hi"]): Fault {
  return {
    name,
    code,
    messages,
    run(peer) {
      peer.respond(1);
      peer.data(1, hi);
      peer.headers(1, headers, END_STREAM);
    },
  };
}

const FAULTS: readonly Fault[] = [
  answering(
    "half a message, then OK trailers",
    status.INTERNAL,
    Buffer.concat([hi, message("abcdef").subarray(0, 8)]),
    [],
    { messages: ["hi"] },
  ),
  answering("half a frame header, then OK trailers", status.INTERNAL, message("").subarray(0, 3), []),
  answering("a length prefix of 4 GiB", status.RESOURCE_EXHAUSTED, Buffer.from([0, 255, 255, 255, 255, 1]), []),
  answering("a length prefix over the limit", status.RESOURCE_EXHAUSTED, Buffer.from([0, 0, 0x40, 0, 1]), []),
  answering("the compressed flag without grpc-encoding", status.INTERNAL, message("x", 1), []),
  answering("a flag byte that means nothing", status.INTERNAL, message("x", 2), []),
  answering("an unknown grpc-encoding", status.INTERNAL, message("x", 1), [["grpc-encoding", "snappy"]]),
  answering("bytes that are no gzip", status.INTERNAL, message("this is no gzip", 1), GZIP),
  answering("a truncated gzip", status.INTERNAL, message(gzipSync("hello hello").subarray(0, 15), 1), GZIP),
  answering("a gzip bomb", status.RESOURCE_EXHAUSTED, message(gzipSync(Buffer.alloc(8 << 20)), 1), GZIP),
  answering("a good gzip, to see that the bad ones are bad", status.OK, message(gzipSync("hi"), 1), GZIP, {
    messages: ["hi"],
  }),
  trailing("trailers without grpc-status", status.UNKNOWN, [["other", "x"]]),
  trailing("grpc-status 99", status.UNKNOWN, [["grpc-status", "99"]]),
  trailing("grpc-status 17", status.UNKNOWN, [["grpc-status", "17"]]),
  trailing("grpc-status -1", status.UNKNOWN, [["grpc-status", "-1"]]),
  trailing("grpc-status that is no number", status.UNKNOWN, [["grpc-status", "OK"]]),
  trailing("an empty grpc-status", status.UNKNOWN, [["grpc-status", ""]]),
  trailing("a grpc-message with broken escapes", status.ABORTED, [
    ["grpc-status", "10"],
    ["grpc-message", "%zz%4"],
  ]),
  trailing("details that are no base64", status.ABORTED, [
    ["grpc-status", "10"],
    ["grpc-status-details-bin", "%%%"],
  ]),
  {
    name: "the stream ends on DATA, without trailers",
    code: status.INTERNAL,
    messages: ["hi"],
    run(peer) {
      peer.respond(1);
      peer.data(1, hi, END_STREAM);
    },
  },
  {
    name: "the stream ends on the headers, without a status",
    code: ANY,
    run: (peer) => peer.respond(1, [], END_STREAM),
  },
  {
    name: "trailers alone, as a response",
    code: status.NOT_FOUND,
    run: (peer) => peer.respond(1, [["grpc-status", "5"]], END_STREAM),
  },
  {
    name: "a content-type that is not gRPC's",
    code: status.UNKNOWN,
    run(peer) {
      peer.headers(1, [
        [":status", "200"],
        ["content-type", "text/html"],
      ]);
      peer.data(1, Buffer.from("<html>"), END_STREAM);
    },
  },
  {
    name: "no content-type",
    code: status.UNKNOWN,
    run: (peer) => peer.headers(1, [[":status", "200"]]),
  },
  {
    name: "headers without :status",
    code: ANY,
    run: (peer) => peer.headers(1, [["content-type", "application/grpc"]]),
  },
  {
    name: "DATA before any headers",
    code: ANY,
    run: (peer) => peer.data(1, hi),
  },
  {
    name: "informational headers before the response",
    code: status.OK,
    messages: ["hi"],
    run(peer) {
      peer.headers(1, [[":status", "103"]]);
      peer.respond(1);
      peer.data(1, hi);
      peer.trailers(1);
    },
  },
  {
    name: "a second block of headers that does not end the stream",
    code: ANY,
    run(peer) {
      peer.respond(1);
      peer.respond(1);
      peer.data(1, hi, END_STREAM);
    },
  },
  {
    name: "headers after the end of the stream",
    code: status.OK,
    messages: ["hi"],
    run(peer) {
      peer.respond(1);
      peer.data(1, hi);
      peer.trailers(1);
      peer.trailers(1, "13");
    },
  },
  {
    name: "a reset right behind the trailers",
    code: status.OK,
    messages: ["hi"],
    run(peer) {
      peer.respond(1);
      peer.data(1, hi);
      peer.trailers(1);
      peer.reset(1, 0);
    },
  },
  // A refused call (7) is sent again: see refused.test.ts.
  ...Object.entries(RESETS)
    .filter(([reset]) => reset !== "7")
    .map(
      ([reset, code]): Fault => ({
        name: `RST_STREAM ${reset} before the headers`,
        code,
        run: (peer) => peer.reset(1, Number(reset)),
      }),
    ),
  ...Object.entries(RESETS).map(
    ([reset, code]): Fault => ({
      name: `RST_STREAM ${reset} behind a message`,
      code,
      messages: ["hi"],
      run(peer) {
        peer.respond(1);
        peer.data(1, hi);
        peer.reset(1, Number(reset));
      },
    }),
  ),
  ...Object.entries(HTTP).map(
    ([http, code]): Fault => ({
      name: `HTTP status ${http}`,
      code,
      run: (peer) =>
        peer.headers(
          1,
          [
            [":status", http],
            ["content-type", "text/plain"],
          ],
          END_STREAM,
        ),
    }),
  ),
  {
    name: "an HTTP error that carries a grpc-status",
    code: status.ABORTED,
    run: (peer) =>
      peer.headers(
        1,
        [
          [":status", "503"],
          ["content-type", "application/grpc"],
          ["grpc-status", "10"],
        ],
        END_STREAM,
      ),
  },
  {
    name: "GOAWAY that lets the call finish",
    code: status.OK,
    messages: ["hi"],
    run(peer) {
      peer.respond(1);
      peer.goaway(1, 0);
      peer.data(1, hi);
      peer.trailers(1);
    },
  },
  {
    name: "GOAWAY with an error, mid-stream, and the connection ends",
    code: status.UNAVAILABLE,
    messages: ["hi"],
    run(peer) {
      peer.respond(1);
      peer.data(1, hi);
      peer.goaway(1, 11);
      peer.socket.end();
    },
  },
  {
    name: "GOAWAY with an error that lets the call finish",
    code: status.OK,
    messages: ["hi"],
    run(peer) {
      peer.respond(1);
      peer.goaway(1, 11);
      peer.data(1, hi);
      peer.trailers(1);
    },
  },
  {
    name: "the connection ends (FIN) mid-stream",
    code: status.UNAVAILABLE,
    messages: ["hi"],
    run(peer) {
      peer.respond(1);
      peer.data(1, hi);
      peer.socket.end();
    },
  },
  {
    name: "the connection is reset (RST) mid-stream",
    code: status.UNAVAILABLE,
    run(peer) {
      peer.respond(1);
      peer.socket.resetAndDestroy();
    },
  },
  {
    name: "bytes that are no HTTP/2",
    code: ANY,
    run: (peer) => peer.send(Buffer.from("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n")),
  },
  {
    name: "a frame larger than allowed",
    code: ANY,
    run: (peer) => peer.data(1, Buffer.alloc(20_000)),
  },
  {
    name: "a header block that is no HPACK",
    code: ANY,
    run: (peer) => peer.send(frame(HEADERS, END_HEADERS, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]))),
  },
  {
    name: "headers in upper case",
    code: ANY,
    run: (peer) =>
      peer.headers(1, [
        [":status", "200"],
        ["Content-Type", "application/grpc"],
      ]),
  },
  {
    name: "a flood of CONTINUATION",
    code: ANY,
    run(peer) {
      peer.send(frame(HEADERS, 0, 1, headerBlock([[":status", "200"]])));
      const more = frame(CONTINUATION, 0, 1, headerBlock([["x", "y".repeat(100)]]));
      for (let i = 0; i < 1000; i++) peer.send(more);
    },
  },
  {
    name: "headers over the limit",
    code: status.RESOURCE_EXHAUSTED,
    run(peer) {
      const many = Array.from({ length: 100 }, (_, i) => [`x-${i}`, "y".repeat(1000)] as const);
      const block = headerBlock([[":status", "200"], ["content-type", "application/grpc"], ...many]);
      peer.send(frame(HEADERS, 0, 1, block.subarray(0, 16_000)));
      for (let at = 16_000; at < block.length; at += 16_000) {
        const last = at + 16_000 >= block.length;
        peer.send(frame(CONTINUATION, last ? END_HEADERS : 0, 1, block.subarray(at, at + 16_000)));
      }
    },
  },
  {
    name: "a flood of PING, and then the answer",
    code: [status.OK, status.UNAVAILABLE],
    async run(peer) {
      const ping = frame(PING, 0, 0, Buffer.alloc(8));
      for (let i = 0; i < 20_000; i++) peer.socket.write(ping);
      peer.respond(1);
      peer.trailers(1);
    },
  },
  {
    name: "a flood of SETTINGS, and then the answer",
    code: [status.OK, status.UNAVAILABLE],
    async run(peer) {
      for (let i = 0; i < 5000; i++) peer.socket.write(frame(SETTINGS, 0, 0, settings([3, i])));
      peer.respond(1);
      peer.trailers(1);
    },
  },
  {
    name: "a window that overflows",
    code: ANY,
    run: (peer) => peer.send(frame(WINDOW_UPDATE, 0, 1, uint32(0x7fffffff))),
  },
  {
    name: "a window update of zero",
    code: ANY,
    run: (peer) => peer.send(frame(WINDOW_UPDATE, 0, 1, uint32(0))),
  },
  {
    name: "settings that are not allowed",
    code: ANY,
    run: (peer) => peer.settings([4, 0x80000000]),
  },
  {
    name: "a push",
    code: ANY,
    run: (peer) =>
      peer.send(frame(PUSH_PROMISE, END_HEADERS, 1, Buffer.concat([uint32(2), headerBlock([[":path", "/"]])]))),
  },
  {
    name: "DATA on stream 0",
    code: ANY,
    run: (peer) => peer.data(0, hi),
  },
  {
    name: "more DATA than the window allows",
    code: ANY,
    options: { streamWindowBytes: 100_000 },
    run(peer, call) {
      call.paused = true;
      peer.respond(1);
      for (let i = 0; i < 20; i++) peer.data(1, message(Buffer.alloc(10_000)));
    },
  },
  {
    name: "an answer byte by byte",
    code: status.OK,
    messages: ["hi", "", "there"],
    run(peer) {
      peer.respond(1);
      for (const byte of Buffer.concat([hi, message(""), message("there")])) peer.data(1, Buffer.from([byte]));
      peer.data(1, Buffer.alloc(0));
      peer.trailers(1);
    },
  },
  {
    name: "frames of DATA with padding",
    code: status.OK,
    messages: ["hi"],
    run(peer) {
      peer.respond(1);
      peer.send(frame(DATA, 0x8, 1, Buffer.concat([Buffer.from([10]), hi, Buffer.alloc(10)])));
      peer.trailers(1);
    },
  },
  {
    name: "a server that reads nothing",
    code: status.DEADLINE_EXCEEDED,
    deadlineMs: 150,
    run(_peer, call) {
      while (call.stream.write(Buffer.alloc(10_000))) {}
    },
  },
  {
    name: "a server that says nothing",
    code: status.DEADLINE_EXCEEDED,
    deadlineMs: 100,
    run() {},
  },
  {
    name: "a server that does not answer keepalive pings",
    code: status.UNAVAILABLE,
    options: { keepaliveTimeMs: 30, keepaliveTimeoutMs: 50 },
    run(peer) {
      peer.answersPings = false;
    },
  },
];

let before: number;
let server: RawServer;
let channel: Http2Channel;

beforeEach(async () => {
  before = openHandles();
  server = await RawServer.listen();
});

afterEach(async () => {
  await channel.close();
  await server.close();
  await handlesAtMost(before);
});

describe("faults of a server", () => {
  test.each(FAULTS)("$name", async (fault) => {
    channel = http2Channel(server.target, fault.options);
    const call = Recorder.start(channel, bytesMethod("M"), { deadline: monotonicMs() + (fault.deadlineMs ?? 4000) });
    call.stream.write(text("request"));
    const peer = await server.peer();
    await peer.next((one) => one.type === HEADERS);
    await fault.run(peer, call);
    const result = await call.status;
    expect(Array.isArray(fault.code) ? fault.code : [fault.code]).toContain(result.code);
    if (fault.messages !== undefined) expect(call.text).toEqual(fault.messages);
    await works();
  });

  test("GOAWAY with an error: its name and the server's own words reach the call", async () => {
    channel = http2Channel(server.target);
    const call = Recorder.start(channel, bytesMethod("M"));
    const peer = await server.peer();
    await peer.next((one) => one.type === HEADERS);
    peer.goaway(1, 11, "too_many_data_frames");
    peer.socket.end();
    const { code, details } = await call.status;
    expect(code).toBe(status.UNAVAILABLE);
    expect(details).toContain('ENHANCE_YOUR_CALM: "too_many_data_frames"');
  });

  test("a server that never sends settings: UNAVAILABLE within connectTimeoutMs", async () => {
    server.greeting = undefined;
    channel = http2Channel(server.target, { connectTimeoutMs: 80 });
    const call = Recorder.start(channel, bytesMethod("M"));
    const details = expect.stringContaining("no connection within 80 ms");
    expect(await call.status).toMatchObject({ code: status.UNAVAILABLE, details });
  });
});

/** The channel is well: a further call, on the same connection or a new one, is answered. */
async function works(): Promise<void> {
  const answered = new Set<RawPeer>();
  const answer = async (peer: RawPeer) => {
    if (answered.has(peer)) return;
    answered.add(peer);
    while (!peer.closed) {
      // When the connection goes, the call comes on another.
      const request = await peer.next((one) => one.type === HEADERS).catch(() => undefined);
      if (request !== undefined) peer.respond(request.stream, [["grpc-status", "0"]], END_STREAM);
    }
  };
  for (;;) {
    const call = Recorder.start(channel, bytesMethod("Next"), { deadline: monotonicMs() + 500, waitForReady: true });
    while (call.settled === undefined) {
      for (const peer of server.peers) void answer(peer);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    if (call.settled.code === status.OK) return;
    // The fault may have cost the connection only now, and this call with it.
    expect([status.UNAVAILABLE, status.DEADLINE_EXCEEDED]).toContain(call.settled.code);
  }
}
