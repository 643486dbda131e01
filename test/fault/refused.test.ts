import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type ChannelOptions, credentials } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { monotonicMs } from "../../src/runtime/core/clock.js";
import type { StatusObject } from "../../src/runtime/core/rpc-error.js";
import { status } from "../../src/runtime/core/status.js";
import { grpcJsChannel } from "../../src/runtime/grpc-js.js";
import type { Http2Channel } from "../../src/runtime/transport/grpc-h2/index.js";
import { http2Channel } from "../transport/listen.js";
import { bytesMethod, Recorder, text } from "../transport/support.js";
import { DATA, END_STREAM, type Frame, HEADERS, message, RST_STREAM } from "./frames.js";
import { handlesAtMost, openHandles } from "./handles.js";
import { type RawPeer, RawServer } from "./raw-peer.js";

const REFUSED_STREAM = 7;

let before: number;
let server: RawServer;
let channel: Http2Channel;

beforeEach(async () => {
  before = openHandles();
  server = await RawServer.listen();
  channel = http2Channel(server.target);
});

afterEach(async () => {
  await channel.close();
  await server.close();
  await handlesAtMost(before);
});

function start(deadlineMs = 4000): Recorder {
  return Recorder.start(channel, bytesMethod("M"), { deadline: monotonicMs() + deadlineMs });
}

/** Waits until so many bytes of DATA came on a stream, or its end; returns them all. */
async function received(peer: RawPeer, stream: number, bytes = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let size = 0; size < bytes; ) {
    const data = await peer.next((one) => one.type === DATA && one.stream === stream);
    parts.push(data.payload);
    size += data.payload.length;
    if ((data.flags & END_STREAM) !== 0) break;
  }
  return Buffer.concat(parts);
}

const headersOf = (stream: number) => (one: Frame) => one.type === HEADERS && one.stream === stream;

function streamsOf(peer: RawPeer): number[] {
  return peer.log.filter(({ type }) => type === HEADERS).map(({ stream }) => stream);
}

describe("a call that the server refused is sent again, once", () => {
  test("all that was sent comes again, in order, and then what is sent after it", async () => {
    const retries: unknown[] = [];
    const listener = (event: unknown): void => void retries.push(event);
    subscribe("gen-stubs:call:retry", listener);
    const call = start();
    call.stream.write(text("one"));
    const peer = await server.peer();
    await received(peer, 1, 8);
    call.stream.write(text("two"));
    await received(peer, 1, 8);
    peer.reset(1, REFUSED_STREAM);
    await peer.next(headersOf(3));
    call.stream.write(text("three"));
    call.stream.closeSend();
    expect(await received(peer, 3)).toEqual(Buffer.concat([message("one"), message("two"), message("three")]));
    peer.respond(3);
    peer.data(3, message("answer"));
    peer.trailers(3);
    expect((await call.status).code).toBe(status.OK);
    expect(call.events).toEqual(["header", "messages", "status"]);
    expect(call.text).toEqual(["answer"]);
    unsubscribe("gen-stubs:call:retry", listener);
    expect(retries).toEqual([expect.objectContaining({ reason: "the server refused the stream" })]);
  });

  test("the half-close comes again too", async () => {
    const call = start();
    call.stream.write(text("all"));
    call.stream.closeSend();
    const peer = await server.peer();
    expect(await received(peer, 1)).toEqual(message("all"));
    peer.reset(1, REFUSED_STREAM);
    expect(await received(peer, 3)).toEqual(message("all"));
    peer.respond(3, [["grpc-status", "0"]], END_STREAM);
    expect((await call.status).code).toBe(status.OK);
  });

  test.each(["stays", "ends in the same packet"])(
    "a call that GOAWAY leaves out goes to a new connection, where the old one %s",
    async (fate) => {
      const call = start();
      call.stream.write(text("one"));
      const first = await server.peer();
      await received(first, 1, 8);
      first.socket.cork();
      first.goaway(0, 0);
      if (fate !== "stays") first.socket.end();
      first.socket.uncork();
      const second = await server.peer(1);
      expect(await received(second, 1, 8)).toEqual(message("one"));
      second.respond(1, [["grpc-status", "0"]], END_STREAM);
      expect((await call.status).code).toBe(status.OK);
    },
  );

  test("a call that GOAWAY leaves out while its channel closes ends at once, and nothing is dialled", async () => {
    const call = start();
    const peer = await server.peer();
    await peer.next(headersOf(1));
    const closed = channel.close({ graceMs: 60_000 });
    peer.goaway(0, 0);
    expect(await call.status).toMatchObject({ code: status.UNAVAILABLE, details: "the channel is closed" });
    await closed;
    expect(server.peers.length).toBe(1);
  });

  test("the grace of a channel that closes lasts until a call that was sent again is over", async () => {
    const call = start();
    const peer = await server.peer();
    await peer.next(headersOf(1));
    const closed = channel.close({ graceMs: 60_000 });
    peer.reset(1, REFUSED_STREAM);
    await peer.next(headersOf(3));
    peer.respond(3, [["grpc-status", "0"]], END_STREAM);
    expect((await call.status).code).toBe(status.OK);
    await closed;
  });

  test("refused twice: UNAVAILABLE", async () => {
    const call = start();
    const peer = await server.peer();
    await peer.next(headersOf(1));
    peer.reset(1, REFUSED_STREAM);
    await peer.next(headersOf(3));
    peer.reset(3, REFUSED_STREAM);
    expect(await call.status).toMatchObject({
      code: status.UNAVAILABLE,
      details: expect.stringContaining("REFUSED_STREAM"),
    });
    expect(streamsOf(peer)).toEqual([1, 3]);
  });
});

describe("a call that may have been processed is not sent again", () => {
  test("when its headers came", async () => {
    const call = start();
    const peer = await server.peer();
    await peer.next(headersOf(1));
    peer.respond(1);
    peer.reset(1, REFUSED_STREAM);
    expect((await call.status).code).toBe(status.UNAVAILABLE);
    expect(streamsOf(peer)).toEqual([1]);
  });

  test("when GOAWAY gave an error", async () => {
    const call = start();
    const peer = await server.peer();
    await peer.next(headersOf(1));
    peer.goaway(1, REFUSED_STREAM);
    peer.socket.end();
    expect((await call.status).code).toBe(status.UNAVAILABLE);
    expect(server.peers.flatMap(streamsOf)).toEqual([1]);
  });

  test("when it sent more than is kept", async () => {
    const call = start();
    const large = Buffer.alloc(40_000);
    call.stream.write(large);
    call.stream.write(large);
    const peer = await server.peer();
    await received(peer, 1, 60_000);
    peer.reset(1, REFUSED_STREAM);
    expect((await call.status).code).toBe(status.UNAVAILABLE);
    expect(streamsOf(peer)).toEqual([1]);
  });
});

describe("while a refused call waits for a new connection", () => {
  /** The call was left out, and the next connection does not come up. */
  async function waiting(deadlineMs?: number): Promise<Recorder> {
    const call = start(deadlineMs);
    call.stream.write(text("one"));
    const first = await server.peer();
    await received(first, 1, 8);
    server.greeting = undefined;
    first.goaway(0, 0);
    await server.peer(1);
    return call;
  }

  test("it can be cancelled", async () => {
    const call = await waiting();
    call.stream.cancel(status.CANCELLED, "enough");
    expect(await call.status).toMatchObject({ code: status.CANCELLED, details: "enough" });
  });

  test("its deadline passes", async () => {
    const call = await waiting(150);
    expect(await call.status).toMatchObject({ code: status.DEADLINE_EXCEEDED });
  });

  test("closing the channel ends it", async () => {
    const call = await waiting();
    await channel.close();
    expect((await call.status).code).toBe(status.CANCELLED);
  });
});

test("a call that is refused after its cancel stays cancelled", async () => {
  const call = start();
  const peer = await server.peer();
  await peer.next(headersOf(1));
  call.stream.cancel(status.CANCELLED, "enough");
  await peer.next(({ type }) => type === RST_STREAM);
  peer.reset(1, REFUSED_STREAM);
  expect((await call.status).code).toBe(status.CANCELLED);
  expect(streamsOf(peer)).toEqual([1]);
});

describe("over grpc-js, a call that the server refused", () => {
  /** What becomes of a call whose first stream is refused. */
  async function refusedOnce(options?: ChannelOptions): Promise<StatusObject> {
    const target = `127.0.0.1:${server.port}`;
    const foreign = grpcJsChannel(target, credentials.createInsecure(), options);
    onTestFinished(() => foreign.close());
    const call = Recorder.start(foreign, bytesMethod("M"), { deadline: monotonicMs() + 4000 });
    call.stream.write(text("request"));
    call.stream.closeSend();
    const peer = await server.peer();
    await received(peer, 1);
    const again = peer.next(headersOf(3)).then(() => {
      peer.respond(3, [["grpc-status", "0"]], END_STREAM);
    });
    peer.reset(1, REFUSED_STREAM);
    const result = await call.status;
    if (result.code === status.OK) await again;
    else again.catch(() => {});
    return result;
  }

  test("is sent again, as a plain client of grpc-js does", async () => {
    expect((await refusedOnce()).code).toBe(status.OK);
  });

  test("is lost where nothing may be kept of it", async () => {
    expect((await refusedOnce({ "grpc.per_rpc_retry_buffer_size": 0 })).code).toBe(status.UNAVAILABLE);
  });
});
