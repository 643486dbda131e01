import { describe, expect, test } from "vitest";
import {
  data,
  END_STREAM,
  type Frame,
  headers,
  ping,
  REQUEST,
  RESPONSE,
  rst,
  settings,
  settingsAck,
  TRAILERS,
  windowUpdate,
} from "./support/frames.js";
import { ClientPeer, ServerPeer, shown } from "./support/peer.js";

const sizes = (frames: readonly Frame[]) =>
  frames.filter(({ type }) => type === "DATA").map(({ payload }) => payload.length);
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

describe("what we send", () => {
  test("6.9 stays within the stream's window, and goes on when it widens", () => {
    const peer = new ServerPeer();
    const call = peer.request(REQUEST, false);
    call.stream.sendData(new Uint8Array(100_000), true);
    expect(sizes(peer.output())).toEqual([16_384, 16_384, 16_384, 16_383]);
    expect(call.stream.queuedBytes).toBe(34_465);
    expect(call.stream.writable).toBe(false);
    expect(sizes(peer.send(windowUpdate(0, 100_000)))).toEqual([]);
    expect(shown(peer.send(windowUpdate(1, 40_000)))).toEqual(["DATA 1 16384", "DATA 1 16384", "DATA 1 flags 1 1697"]);
    expect(call.events).toEqual(["writable", "writable"]);
    expect(peer.connection.queuedBytes).toBe(0);
    expect(peer.environment.held).toBe(0);
  });

  test("6.9 stays within the connection's window; streams take turns", () => {
    const peer = new ServerPeer();
    const calls = [peer.request(REQUEST, false), peer.request(REQUEST, false), peer.request(REQUEST, false)];
    for (const call of calls) call.stream.sendData(new Uint8Array(65_000), true);
    expect(sum(sizes(peer.output()))).toBe(65_535);
    const next = peer.send(windowUpdate(0, 65_536));
    expect(new Set(next.map(({ id }) => id)).size).toBe(2);
    expect(sum(sizes(next))).toBe(65_536);
    expect(sum(sizes(peer.send(windowUpdate(0, 1_000_000))))).toBe(195_000 - 65_535 - 65_536);
    expect(calls.map((call) => call.stream.queuedBytes)).toEqual([0, 0, 0]);
  });

  test("6.9.2 a smaller initial window makes windows negative", () => {
    const peer = new ServerPeer();
    const call = peer.request(REQUEST, false);
    call.stream.sendData(new Uint8Array(60_000), false);
    peer.output();
    peer.send(settings([4, 10]));
    call.stream.sendData(new Uint8Array(100), false);
    expect(sizes(peer.send(windowUpdate(1, 59_990)))).toEqual([]);
    expect(sizes(peer.send(windowUpdate(1, 1)))).toEqual([1]);
    expect(sizes(peer.send(settings([4, 110])))).toEqual([99]);
  });

  test("4.2 frames are as large as the peer allows", () => {
    const peer = new ServerPeer();
    peer.send(settings([5, 20_000], [4, 1_000_000]), windowUpdate(0, 1_000_000));
    const call = peer.request(REQUEST, false);
    const sink = call.stream.beginData();
    sink.reserve(50_000);
    for (let i = 0; i < 50_000; i++) sink.bytes[sink.position + i] = i;
    sink.position += 50_000;
    call.stream.endData(true);
    const frames = peer.output().filter(({ type }) => type === "DATA");
    expect(shown(frames)).toEqual(["DATA 1 20000", "DATA 1 20000", "DATA 1 flags 1 10000"]);
    const all = Buffer.concat(frames.map(({ payload }) => payload));
    expect(all.every((byte, i) => byte === (i & 0xff))).toBe(true);
  });

  test("messages of one turn share a frame, and the end comes with it", () => {
    const peer = new ServerPeer();
    const call = peer.request(REQUEST, false);
    for (const text of ["one ", "two ", "three"]) {
      const sink = call.stream.beginData();
      sink.reserve(text.length);
      sink.bytes.set(Buffer.from(text), sink.position);
      sink.position += text.length;
      call.stream.endData(false);
    }
    call.stream.beginData().position += 3;
    call.stream.abandonData();
    call.stream.end();
    const frames = peer.output();
    expect(shown(frames)).toEqual(["HEADERS 1 flags 4", "DATA 1 flags 1 13"]);
    expect(Buffer.from(frames[1]?.payload ?? []).toString()).toBe("one two three");
  });

  test("trailers wait behind what is queued", () => {
    const peer = new ClientPeer();
    peer.send(settings([4, 5]), headers(1, REQUEST, END_STREAM));
    const { stream } = peer.streams[0]!;
    stream.sendHeaders([...RESPONSE], false);
    stream.sendData(Buffer.from("0123456789"), false);
    stream.sendHeaders([...TRAILERS], true);
    expect(stream.writable).toBe(false);
    expect(shown(peer.output())).toEqual(["HEADERS 1 flags 4", "DATA 1 5"]);
    expect(shown(peer.send(windowUpdate(1, 5)))).toEqual(["DATA 1 5", "HEADERS 1 flags 5"]);
    expect(peer.connection.openStreams).toBe(0);
  });

  test("an end without data needs no window", () => {
    const peer = new ServerPeer();
    peer.send(settings([4, 0]));
    const [one, two] = [peer.request(REQUEST, false), peer.request(REQUEST, false)];
    one.stream.end();
    two.stream.beginData();
    two.stream.endData(true);
    expect(shown(peer.output()).slice(2)).toEqual(["DATA 1 flags 1 0", "DATA 3 flags 1 0"]);
  });

  test("frames from inside of a codec go out behind its message; the same stream cannot nest", () => {
    const peer = new ServerPeer();
    const [one, two] = [peer.request(REQUEST, false), peer.request(REQUEST, false)];
    peer.output();
    const sink = one.stream.beginData();
    sink.reserve(3);
    sink.bytes.set([1, 2, 3], sink.position);
    const three = peer.request(REQUEST, false);
    two.stream.sendData(Buffer.from("xy"), true);
    expect(() => one.stream.beginData()).toThrow(/inside of beginData/);
    expect(peer.connection.take()).toBeUndefined();
    sink.position += 3;
    one.stream.endData(true);
    expect(shown(peer.output())).toEqual(["DATA 1 flags 1 3", "HEADERS 5 flags 4", "DATA 3 flags 1 2"]);
    expect(three.stream.id).toBe(5);
  });

  test("a stream may end, and a connection, while a codec writes for it: nothing of that message is sent", () => {
    for (const queued of [false, true]) {
      for (const finish of ["endData", "abandonData"] as const) {
        const peer = new ServerPeer();
        const [call, other] = [peer.request(REQUEST, false), peer.request(REQUEST, false)];
        if (queued) call.stream.sendData(new Uint8Array(70_000), false);
        peer.output();
        const sink = call.stream.beginData();
        sink.reserve(100);
        const { bytes, position } = sink;
        call.stream.reset(8);
        other.stream.sendData(Buffer.from("abc"), false);
        bytes.fill(0xcc, position, position + 100);
        sink.position += 100;
        sink.reserve(5000);
        sink.bytes.fill(0xcc, sink.position, sink.position + 5000);
        sink.position += 5000;
        call.stream[finish](true);
        const lost = call.stream.beginData();
        lost.reserve(3);
        lost.position += 3;
        call.stream.endData(true);
        peer.send(windowUpdate(0, 100_000));
        const frames = [...peer.output(), ...peer.send(ping())];
        expect(shown(frames).filter((line) => line.startsWith("DATA 1"))).toEqual([]);
        expect(peer.connection).toMatchObject({ closed: false, openStreams: 1 });
        other.stream.reset(8);
        peer.output();
        expect(peer.environment.held).toBe(0);
      }
    }
    const peer = new ServerPeer();
    const call = peer.request(REQUEST, false);
    const sink = call.stream.beginData();
    sink.reserve(3);
    peer.connection.close();
    sink.position += 3;
    call.stream.endData(true);
    expect(shown(peer.output())).toEqual(["HEADERS 1 flags 4", "GOAWAY 0 0 NO_ERROR"]);
  });

  test("onWritable that throws ends the connection, not whoever caused it", () => {
    const peer = new ServerPeer({ maxOutputBytes: 1000 });
    const call = peer.request(REQUEST, false);
    call.stream.sendData(new Uint8Array(60_000), false);
    call.onWritable = () => {
      throw new Error("oops");
    };
    expect(() => peer.output()).not.toThrow();
    expect(peer.error?.cause).toMatchObject({ message: "oops" });
  });

  test("large pieces are lent, and released when the socket is done with them, or never sent", () => {
    const peer = new ServerPeer();
    const released: number[] = [];
    const call = peer.request(REQUEST, false);
    const release = (bytes: Uint8Array) => released.push(bytes.length);
    call.stream.sendData(new Uint8Array(50_000), false, release);
    call.stream.sendData(new Uint8Array(100), false, release);
    expect(released).toEqual([100]);
    const batch = peer.connection.take()!;
    expect(released).toEqual([100]);
    peer.connection.done(batch);
    expect(released).toEqual([100, 50_000]);
    call.stream.sendData(new Uint8Array(40_000), false, release);
    call.stream.sendData(new Uint8Array(30_000), false, release);
    call.stream.reset(8);
    expect(released).toEqual([100, 50_000, 30_000]);
    peer.output();
    expect(released).toEqual([100, 50_000, 30_000, 40_000]);
    call.stream.sendData(new Uint8Array(5000), false, release);
    expect(released.at(-1)).toBe(5000);
    expect(peer.environment.held).toBe(0);
  });

  test("a socket that does not drain keeps DATA in the queues", () => {
    const peer = new ServerPeer({ maxOutputBytes: 50_000 });
    peer.send(settings([4, 10_000_000]), windowUpdate(0, 10_000_000));
    const call = peer.request(REQUEST, false);
    for (let i = 0; i < 10; i++) call.stream.sendData(new Uint8Array(20_000), i === 9);
    expect(call.stream.queuedBytes).toBeGreaterThan(100_000);
    const batch = peer.connection.take()!;
    expect(batch.length).toBeLessThan(80_000);
    expect(peer.connection.take()).toBeUndefined();
    peer.connection.done(batch);
    expect(sum(sizes(peer.output()))).toBeGreaterThan(100_000);
    expect(call.stream.queuedBytes).toBe(0);
  });
});

describe("what we receive", () => {
  test("is credited when it is consumed, in steps", () => {
    const peer = new ClientPeer({ maxWindowSize: 65_535 });
    peer.consumes = false;
    peer.send(headers(1, REQUEST), data(1, new Uint8Array(40_000)));
    const { stream } = peer.streams[0]!;
    expect(stream.unreadBytes).toBe(40_000);
    stream.consumed(10_000);
    expect(peer.output()).toEqual([]);
    stream.consumed(30_000);
    expect(shown(peer.output())).toEqual(["WINDOW_UPDATE 1 40000"]);
    stream.consumed(1_000_000);
    expect(peer.output()).toEqual([]);
    expect(peer.connection.unreadBytes).toBe(0);
  });

  test("P16: a stream that nobody reads stops no other, today or a thousand streams later", () => {
    const peer = new ClientPeer({ maxConcurrentStreams: 100_000 });
    peer.consumes = false;
    let credit = 0;
    for (let id = 1; id < 201; id += 2) {
      const frames = peer.send(headers(id, REQUEST), data(id, new Uint8Array(65_535)));
      for (const { type, id: on, payload } of frames) {
        if (type === "WINDOW_UPDATE" && on === 0) credit += new DataView(payload.buffer).getUint32(0);
      }
    }
    expect(peer.connection).toMatchObject({ closed: false, unreadBytes: 100 * 65_535 });
    expect(credit).toBeGreaterThan(99 * 65_535 - 1024 * 1024);
    for (let id = 1; id < 201; id += 2) peer.send(rst(id));
    expect(peer.connection.unreadBytes).toBe(0);
  });

  test("the window of a stream grows to 1 MiB as soon as its user reads, while the budget lasts, and not before", () => {
    const peer = new ClientPeer({ windowBudget: 1024 * 1024 });
    peer.consumes = false;
    const [first, second] = [1, 3].map((id) => {
      peer.send(headers(id, REQUEST), data(id, new Uint8Array(20_000)));
      return peer.streams.at(-1)!.stream;
    });
    expect(peer.output()).toEqual([]);
    first!.consumed(20_000);
    expect(shown(peer.output())).toEqual([`WINDOW_UPDATE 1 ${20_000 + 1024 * 1024 - 65_535}`]);
    second!.consumed(20_000);
    expect(shown(peer.output())).toEqual([`WINDOW_UPDATE 3 ${20_000 + 65_535}`]);
  });

  test("larger frames are taken once a stream is read that has much, and not before", () => {
    const peer = new ClientPeer({ maxFrameSize: undefined });
    peer.consumes = false;
    peer.send(headers(1, REQUEST), data(1, new Uint8Array(16_384)));
    expect(peer.output()).toEqual([]);
    peer.streams[0]!.stream.consumed(16_384);
    const frames = peer.output();
    const announced = frames.find(({ type }) => type === "SETTINGS")?.payload ?? new Uint8Array(0);
    expect(Buffer.from(announced).toString("hex")).toContain("000500010000"); // MAX_FRAME_SIZE 65,536
    expect(shown(peer.send(settingsAck(), data(1, new Uint8Array(65_536)))).join()).not.toContain("GOAWAY");
    peer.streams[0]!.stream.consumed(65_536);
    expect(peer.output().map(({ type }) => type)).not.toContain("SETTINGS");
    expect(shown(peer.send(data(1, new Uint8Array(65_537))))[0]).toMatch(/^GOAWAY/);
  });

  test("before it, a frame of more than 16,384 bytes is a connection error", () => {
    const peer = new ClientPeer({ maxFrameSize: undefined });
    expect(shown(peer.send(headers(1, REQUEST), data(1, new Uint8Array(16_385))))[0]).toMatch(/^GOAWAY/);
  });

  test("padding is credited although no user sees it", () => {
    const peer = new ClientPeer({ maxWindowSize: 65_535 });
    peer.consumes = false;
    const padded = new Uint8Array(256);
    padded[0] = 255;
    const frames = peer.send(headers(1, REQUEST), ...Array.from({ length: 64 }, () => data(1, padded, 8)));
    expect(shown(frames)).toContain("WINDOW_UPDATE 1 16384");
    expect(peer.streams[0]?.data).toBe("");
  });

  test("windows grow with the bandwidth-delay product, up to the limit, while the user reads", () => {
    const peer = new ClientPeer({ maxWindowSize: 4 * 1024 * 1024 });
    peer.send(headers(1, REQUEST));
    // A path that holds a window's worth of bytes: what is announced arrives at once, a PING's answer a window later.
    let [window, size, largest, pings, sent] = [65_535, 65_535, 65_535, 0, 0];
    const answers: { after: number; answer: Uint8Array }[] = [];
    for (let step = 0; step < 2000; step++) {
      const chunk = Math.min(window, 16_384);
      window -= chunk;
      sent += chunk;
      peer.environment.advance((10 * chunk) / size);
      for (const { type, id, payload, flags } of peer.send(data(1, new Uint8Array(chunk)))) {
        if (type === "WINDOW_UPDATE" && id === 1) window += new DataView(payload.buffer).getUint32(0);
        if (type !== "PING" || flags !== 0) continue;
        pings++;
        answers.push({ after: sent + size, answer: ping(Buffer.from(payload).toString("latin1"), 1) });
      }
      if ((answers[0]?.after ?? Number.POSITIVE_INFINITY) <= sent) peer.send(answers.shift()!.answer);
      size = Math.max(size, window);
      largest = Math.max(largest, window);
    }
    expect(largest).toBeGreaterThan(2 * 1024 * 1024);
    expect(largest).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(pings).toBeGreaterThan(1);
    expect(pings).toBeLessThan(40);
  });

  test("without DATA there is no PING", () => {
    const peer = new ServerPeer();
    peer.request(REQUEST, true);
    peer.output();
    const types = Array.from(
      { length: 50 },
      (_, i) => shown(peer.send(headers(1 + 2 * i, RESPONSE, END_STREAM))) && peer.request(REQUEST, true),
    );
    expect(types).toHaveLength(50);
    expect(peer.output().map(({ type }) => type)).not.toContain("PING");
  });

  test("a smaller initial window holds from its acknowledgement on", () => {
    const peer = new ClientPeer({ initialWindowSize: 100 });
    peer.consumes = false;
    peer.send(headers(1, REQUEST), data(1, new Uint8Array(100)));
    expect(shown(peer.send(data(1, "x")))).toEqual(["RST_STREAM 1 3"]);
    const early = new ClientPeer({ initialWindowSize: 100 }, false);
    early.consumes = false;
    early.send(
      Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
      settings(),
      headers(1, REQUEST),
      data(1, new Uint8Array(5000)),
    );
    expect(early.streams[0]?.data).toHaveLength(5000);
  });
});
