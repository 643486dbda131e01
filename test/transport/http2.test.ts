import { afterEach, expect, test } from "vitest";
import { monotonicMs } from "../../src/runtime/core/clock.js";
import { Metadata } from "../../src/runtime/core/metadata.js";
import { status } from "../../src/runtime/core/status.js";
import type { Http2Channel } from "../../src/runtime/transport/grpc-h2/index.js";
import { http2Channel, type Listening, listenHttp2 } from "./listen.js";
import { type Accept, bytesMethod, echo, methodServers, ok, Recorder, ServerRecorder, text } from "./support.js";

const open: { shutdown?(): Promise<void>; close?(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await (one.close?.() ?? one.shutdown?.());
});

async function pair(accepts: Record<string, Accept>): Promise<{ channel: Http2Channel; listener: Listening }> {
  const listener = await listenHttp2(methodServers(accepts), "127.0.0.1:0");
  open.push(listener);
  const channel = http2Channel(`http://${listener.address}`);
  open.push(channel);
  return { channel, listener };
}

test("a unary call: header, message, status, metadata both ways", async () => {
  const { channel } = await pair({
    Unary: (stream) => ({
      onReadable() {
        const header = new Metadata();
        header.set("got", stream.metadata.get("hello").join("|"));
        header.set("raw-bin", Buffer.from([0, 1, 255]));
        stream.sendHeader(header);
        stream.write(stream.received.next());
      },
      onHalfClose() {
        const trailer = new Metadata();
        trailer.set("end", "yes");
        stream.finish({ code: status.OK, details: "fine – ok%", metadata: trailer });
        stream.handlerDone();
      },
      onDrain() {},
      onCancel() {},
    }),
  });
  const metadata = new Metadata();
  metadata.add("hello", "a");
  metadata.add("hello", "b");
  const call = Recorder.start(channel, bytesMethod("Unary"), { metadata });
  call.stream.write(text("hi"));
  call.stream.closeSend();
  expect(await call.status).toMatchObject({ code: status.OK, details: "fine – ok%" });
  expect(call.text).toEqual(["hi"]);
  expect(call.header?.get("got")).toEqual(["a|b"]);
  expect(call.header?.get("raw-bin")).toEqual([Buffer.from([0, 1, 255])]);
  expect(call.settled?.metadata.get("end")).toEqual(["yes"]);
  expect(call.events).toEqual(["header", "messages", "status"]);
});

test("an echo of 100,000 messages in order, with flow control", async () => {
  const { channel } = await pair({ Echo: echo });
  const call = Recorder.start(channel, bytesMethod("Echo"));
  let sent = 0;
  const pump = () => {
    while (sent < 100_000) if (!call.stream.write(text(String(sent++)))) return;
    call.stream.closeSend();
  };
  call.onDrain = pump;
  pump();
  expect(await call.status).toMatchObject({ code: status.OK });
  expect(call.messages.length).toBe(100_000);
  expect(call.text.every((message, index) => message === String(index))).toBe(true);
});

test("an unknown method is UNIMPLEMENTED, without a header", async () => {
  const { channel } = await pair({});
  const call = Recorder.start(channel, bytesMethod("Nope"));
  expect(await call.status).toMatchObject({ code: status.UNIMPLEMENTED, details: "unknown method /test.Test/Nope" });
  expect(call.events).toEqual(["status"]);
});

test("a cancel reaches the server", async () => {
  let server!: ServerRecorder;
  const { channel } = await pair({ Hang: (stream) => (server = new ServerRecorder(stream)) });
  const call = Recorder.start(channel, bytesMethod("Hang"));
  call.stream.write(text("a"));
  while (server === undefined) await new Promise((resolve) => setImmediate(resolve));
  await server.until(() => server.messages.length === 1);
  call.stream.cancel(status.CANCELLED, "enough");
  expect(await call.status).toMatchObject({ code: status.CANCELLED, details: "enough" });
  await server.until(() => server.cancelled !== undefined);
  expect(server.events).toEqual(["messages", "cancel"]);
});

test("what arrived before an error status is there behind it (P3)", async () => {
  const { channel } = await pair({
    Burst: (stream) => {
      for (let i = 0; i < 1000; i++) stream.write(text(String(i)));
      stream.finish({ code: status.ABORTED, details: "no more", metadata: new Metadata() });
      return new ServerRecorder(stream);
    },
  });
  const call = Recorder.start(channel, bytesMethod("Burst"));
  call.paused = true;
  expect(await call.status).toMatchObject({ code: status.ABORTED });
  expect(call.stream.received.waiting).toBe(1000);
  call.take();
  expect(call.text).toEqual(Array.from({ length: 1000 }, (_, i) => String(i)));
});

test("an early answer while the client still sends is an answer, not a reset (P15)", async () => {
  const { channel } = await pair({
    Early: (stream) => ({
      onReadable() {
        stream.write(text("enough"));
        stream.finish(ok());
        stream.handlerDone();
      },
      onHalfClose() {},
      onDrain() {},
      onCancel() {},
    }),
  });
  const call = Recorder.start(channel, bytesMethod("Early"));
  while (call.stream.write(Buffer.alloc(10_000))) {}
  expect(await call.status).toMatchObject({ code: status.OK });
  expect(call.text).toEqual(["enough"]);
});

test("no connection is UNAVAILABLE", async () => {
  const channel = http2Channel("http://127.0.0.1:1");
  open.push(channel);
  const call = Recorder.start(channel, bytesMethod("X"));
  expect(await call.status).toMatchObject({ code: status.UNAVAILABLE });
  expect(channel.state).toBe("transient_failure");
});

test("a deadline ends both sides", async () => {
  let server!: ServerRecorder;
  const { channel } = await pair({ Hang: (stream) => (server = new ServerRecorder(stream)) });
  // Long enough for a busy machine to reach the server.
  const call = Recorder.start(channel, bytesMethod("Hang"), { deadline: monotonicMs() + 1_000 });
  expect(await call.status).toMatchObject({ code: status.DEADLINE_EXCEEDED });
  await server.until(() => server.cancelled !== undefined);
  expect(server.stream.deadline - monotonicMs()).toBeLessThan(1_000);
});

test("streams that send as much as they can both ways do not wait for each other forever", async () => {
  const chunk = Buffer.alloc(64 * 1024);
  const each = 100;
  const { channel } = await pair({
    Both: (stream) => {
      const recorder = new ServerRecorder(stream);
      let sent = 0;
      const pump = () => {
        while (sent < each) {
          sent++;
          if (!stream.write(chunk)) return;
        }
        if (recorder.halfClosed) recorder.finish(ok());
      };
      recorder.onDrain = pump;
      recorder.onReadable = () => {
        while (stream.received.waiting > 0) stream.received.next();
      };
      recorder.onHalfClose = () => {
        recorder.halfClosed = true;
        if (sent === each) recorder.finish(ok());
      };
      queueMicrotask(pump);
      return recorder;
    },
  });
  const statuses = Array.from({ length: 16 }, () => {
    const call = Recorder.start(channel, bytesMethod("Both"));
    let sent = 0;
    const pump = () => {
      while (sent < each) {
        sent++;
        if (!call.stream.write(chunk)) return;
      }
      call.stream.closeSend();
    };
    call.onDrain = pump;
    pump();
    return call.status.then((result) => ({ ...result, messages: call.messages.splice(0).length }));
  });
  for (const result of await Promise.all(statuses)) expect(result).toMatchObject({ code: status.OK, messages: each });
}, 60_000);
