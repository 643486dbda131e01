import { afterEach, expect, test } from "vitest";
import { monotonicMs } from "../../src/runtime/core/clock.js";
import { status } from "../../src/runtime/core/status.js";
import type { Http2Channel } from "../../src/runtime/transport/grpc-h2/index.js";
import { http2Channel } from "../transport/listen.js";
import { bytesMethod, Recorder, text } from "../transport/support.js";
import { DATA, END_STREAM, HEADERS, RST_STREAM, WINDOW_UPDATE } from "./frames.js";
import { type RawPeer, RawServer } from "./raw-peer.js";

const CANCEL = 8;
let server: RawServer;
let channel: Http2Channel;

afterEach(async () => {
  await channel.close();
  await server.close();
});

async function begin(...pairs: [id: number, value: number][]): Promise<{ call: Recorder; peer: RawPeer }> {
  server = await RawServer.listen();
  server.greeting = pairs;
  channel = http2Channel(server.target);
  const call = Recorder.start(channel, bytesMethod("M"), { highWaterMark: 1 << 20 });
  const peer = await server.peer();
  return { call, peer };
}

/** What came on stream 1 up to its reset. */
async function untilReset(peer: RawPeer): Promise<{ code: number; ended: boolean }> {
  const reset = await peer.next((frame) => frame.type === RST_STREAM && frame.stream === 1);
  const ended = peer.frames.some(
    (frame) =>
      frame.stream === 1 && (frame.type === DATA || frame.type === HEADERS) && (frame.flags & END_STREAM) !== 0,
  );
  return { code: reset.payload.readUInt32BE(0), ended };
}

test("P6 cancel with the send side open: RST_STREAM(CANCEL) alone", async () => {
  const { call, peer } = await begin();
  call.stream.write(text("a"));
  await peer.next((frame) => frame.type === DATA);
  call.stream.cancel(status.CANCELLED, "stop");
  expect(await untilReset(peer)).toEqual({ code: CANCEL, ended: false });
  expect(await call.status).toMatchObject({ code: status.CANCELLED });
});

test("P6 deadline: RST_STREAM(CANCEL) alone", async () => {
  server = await RawServer.listen();
  channel = http2Channel(server.target);
  const call = Recorder.start(channel, bytesMethod("M"), { deadline: monotonicMs() + 100 });
  call.stream.write(text("a"));
  const peer = await server.peer();
  expect(await untilReset(peer)).toEqual({ code: CANCEL, ended: false });
  expect(await call.status).toMatchObject({ code: status.DEADLINE_EXCEEDED });
});

test("P6 cancel with writes queued behind a closed window: RST_STREAM(CANCEL) alone", async () => {
  const { call, peer } = await begin([4, 10]);
  call.stream.write(Buffer.alloc(100_000));
  await peer.next((frame) => frame.type === DATA);
  call.stream.write(Buffer.alloc(100_000));
  call.stream.cancel(status.CANCELLED, "stop");
  expect(await untilReset(peer)).toEqual({ code: CANCEL, ended: false });
});

test("P6 cancel right after closeSend, before anything went out: no stream ends by END_STREAM", async () => {
  const { call, peer } = await begin([4, 0]);
  await peer.next((frame) => frame.type === HEADERS);
  call.stream.write(text("a"));
  call.stream.closeSend();
  call.stream.cancel(status.CANCELLED, "stop");
  expect(await untilReset(peer)).toEqual({ code: CANCEL, ended: false });
});

test("a cancel before the headers are out sends nothing of the call", async () => {
  server = await RawServer.listen();
  channel = http2Channel(server.target);
  const call = Recorder.start(channel, bytesMethod("M"));
  call.stream.write(text("a"));
  call.stream.cancel(status.CANCELLED, "stop");
  expect(await call.status).toMatchObject({ code: status.CANCELLED, details: "stop" });
  const other = Recorder.start(channel, bytesMethod("Other"));
  const peer = await server.peer();
  await peer.next((frame) => frame.type === HEADERS);
  expect(peer.frames.filter((frame) => frame.stream !== 0 && frame.type !== WINDOW_UPDATE)).toEqual([]);
  other.stream.cancel(status.CANCELLED, "");
});

test("P6 cancel within the turn the stream began: headers, if any, and RST_STREAM(CANCEL) alone", async () => {
  const { call, peer } = await begin();
  await peer.next((frame) => frame.type === HEADERS);
  const second = Recorder.start(channel, bytesMethod("M"));
  second.stream.write(text("a"));
  second.stream.cancel(status.CANCELLED, "stop");
  call.stream.cancel(status.CANCELLED, "stop");
  expect(await untilReset(peer)).toEqual({ code: CANCEL, ended: false });
  expect(
    peer.frames.filter((frame) => (frame.type === DATA || frame.type === HEADERS) && frame.flags & END_STREAM),
  ).toEqual([]);
});

test("an answer that is complete before the request has ended: the request ends, and is not reset", async () => {
  const { call, peer } = await begin();
  call.stream.write(text("a"));
  await peer.next((frame) => frame.type === DATA);
  peer.respond(1);
  peer.trailers(1, String(status.INVALID_ARGUMENT));
  expect(await call.status).toMatchObject({ code: status.INVALID_ARGUMENT });
  const last = await peer.next((frame) => frame.stream === 1 && (frame.flags & END_STREAM) !== 0);
  expect(last).toMatchObject({ type: DATA, payload: Buffer.alloc(0) });
  const other = Recorder.start(channel, bytesMethod("Other"));
  await peer.next((frame) => frame.type === HEADERS && frame.stream === 3);
  expect(peer.frames.some(({ type }) => type === RST_STREAM)).toBe(false);
  other.stream.cancel(status.CANCELLED, "");
});

test("an answer that is complete while writes wait behind a closed window: RST_STREAM(CANCEL) alone", async () => {
  const { call, peer } = await begin([4, 10]);
  call.stream.write(Buffer.alloc(100_000));
  await peer.next((frame) => frame.type === DATA);
  call.stream.write(Buffer.alloc(100_000));
  peer.respond(1);
  peer.trailers(1, String(status.INVALID_ARGUMENT));
  expect(await untilReset(peer)).toEqual({ code: CANCEL, ended: false });
  expect(await call.status).toMatchObject({ code: status.INVALID_ARGUMENT });
});
