import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { status } from "../../src/runtime/core/status.js";
import type { Http2Channel } from "../../src/runtime/transport/grpc-h2/index.js";
import { http2Channel, type Listening, listenHttp2 } from "../transport/listen.js";
import { bytesMethod, echo, methodServers, Recorder } from "../transport/support.js";
import { decodeHeaders } from "./decode-headers.js";
import {
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  type Frame,
  frame,
  HEADERS,
  headerBlock,
  message,
} from "./frames.js";
import { handlesAtMost, openHandles } from "./handles.js";
import { type RawPeer, RawServer, rawClient } from "./raw-peer.js";

// One header value over 64 KiB: node:http2 ends a connection on it without a word.

/** What nghttp2 holds of one value, and a byte more. */
const OVER = 65_537;
const large = ["x-large", "y".repeat(OVER)] as const;
/** The setting's id: without a table, all that comes is literal. */
const HEADER_TABLE_SIZE = 1;
const hi = message("hi");

type Headers = readonly (readonly [name: string, value: string])[];
const RESPONSE: Headers = [
  [":status", "200"],
  ["content-type", "application/grpc"],
];
const REQUEST: Headers = [
  [":method", "POST"],
  [":scheme", "http"],
  [":path", "/test.Test/Echo"],
  [":authority", "test"],
  ["te", "trailers"],
  ["content-type", "application/grpc"],
];

/** A block of headers, in as many frames as it takes. */
function sendBlock(peer: RawPeer, stream: number, headers: Headers, flags = 0): void {
  const block = headerBlock(headers);
  const size = 16_000;
  for (let at = 0; at < block.length; at += size) {
    const last = at + size >= block.length ? END_HEADERS : 0;
    const part = block.subarray(at, at + size);
    peer.send(at === 0 ? frame(HEADERS, flags | last, stream, part) : frame(CONTINUATION, last, stream, part));
  }
}

const headersOf = (stream: number) => (one: Frame) => one.type === HEADERS && one.stream === stream;

let before: number;
beforeEach(() => {
  before = openHandles();
});

describe("a server's value of 65,537 bytes", () => {
  let server: RawServer;
  let channel: Http2Channel;

  beforeEach(async () => {
    server = await RawServer.listen();
  });
  afterEach(async () => {
    await channel.close();
    await server.close();
    await handlesAtMost(before);
  });

  const answers = {
    "in the header": (peer: RawPeer) => {
      sendBlock(peer, 3, [...RESPONSE, large]);
      peer.trailers(3);
    },
    "in the trailers": (peer: RawPeer) => {
      peer.respond(3);
      sendBlock(peer, 3, [["grpc-status", "0"], large], END_STREAM);
    },
    "in an answer that is trailers alone": (peer: RawPeer) =>
      sendBlock(peer, 3, [...RESPONSE, ["grpc-status", "0"], large], END_STREAM),
    "in the error's text": (peer: RawPeer) => {
      peer.respond(3);
      sendBlock(
        peer,
        3,
        [
          ["grpc-status", "5"],
          ["grpc-message", large[1]],
        ],
        END_STREAM,
      );
    },
  };

  test.each(Object.entries(answers))(
    "%s ends its call alone; its neighbours and new calls go on",
    async (_, answer) => {
      channel = http2Channel(server.target);
      const neighbour = Recorder.start(channel, bytesMethod("M"));
      const peer = await server.peer();
      await peer.next(headersOf(1));
      peer.respond(1);
      const call = Recorder.start(channel, bytesMethod("M"));
      await peer.next(headersOf(3));
      answer(peer);
      const { code, details } = await call.status;
      expect(code).toBe(status.RESOURCE_EXHAUSTED);
      expect(details).toMatch(
        /^the server sent 65\d{3} bytes of metadata; the limit is 65536 bytes \(maxMetadataBytes\)$/,
      );
      peer.data(1, hi);
      peer.trailers(1);
      expect((await neighbour.status).code).toBe(status.OK);
      expect(neighbour.text).toEqual(["hi"]);
      const next = Recorder.start(channel, bytesMethod("M"));
      await peer.next(headersOf(5));
      peer.respond(5, [["grpc-status", "0"]], END_STREAM);
      expect((await next.status).code).toBe(status.OK);
      expect(server.peers).toHaveLength(1);
    },
  );

  test("arrives where maxMetadataBytes allows it", async () => {
    channel = http2Channel(server.target, { maxMetadataBytes: 200_000 });
    const call = Recorder.start(channel, bytesMethod("M"));
    const peer = await server.peer();
    await peer.next(headersOf(1));
    sendBlock(peer, 1, [...RESPONSE, large]);
    sendBlock(peer, 1, [["grpc-status", "0"], large], END_STREAM);
    const result = await call.status;
    expect(result.code).toBe(status.OK);
    expect([call.header?.get("x-large"), result.metadata.get("x-large")]).toEqual([[large[1]], [large[1]]]);
  });
});

describe("a client's value of 65,537 bytes", () => {
  let server: Listening;
  let peer: RawPeer;

  const listen = async (options: { readonly maxMetadataBytes?: number } = {}): Promise<void> => {
    server = await listenHttp2(methodServers({ Echo: echo }), "127.0.0.1:0", options);
    peer = await rawClient(server.port, [HEADER_TABLE_SIZE, 0]);
  };
  afterEach(async () => {
    peer.socket.destroy();
    await server.shutdown();
    await handlesAtMost(before);
  });

  async function ended(stream: number): ReturnType<typeof decodeHeaders> {
    const trailers = await peer.next((one) => headersOf(stream)(one) && (one.flags & END_STREAM) !== 0);
    return decodeHeaders(trailers.payload);
  }

  test("ends its call alone; its neighbours and new calls go on", async () => {
    await listen();
    peer.request(1, "/test.Test/Echo");
    sendBlock(peer, 3, [...REQUEST, large]);
    expect(await ended(3)).toMatchObject({ "grpc-status": String(status.RESOURCE_EXHAUSTED) });
    peer.data(1, hi, END_STREAM);
    expect(await peer.next((one) => one.type === DATA && one.stream === 1)).toMatchObject({ payload: hi });
    expect(await ended(1)).toMatchObject({ "grpc-status": "0" });
    peer.request(5, "/test.Test/Echo", [], END_STREAM);
    expect(await ended(5)).toMatchObject({ "grpc-status": "0" });
  });

  test("arrives where maxMetadataBytes allows it", async () => {
    await listen({ maxMetadataBytes: 200_000 });
    sendBlock(peer, 1, [...REQUEST, large], END_STREAM);
    expect(await ended(1)).toMatchObject({ "grpc-status": "0" });
  });
});
