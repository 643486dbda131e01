import { describe, expect, test } from "vitest";
import { ErrorCode, type Limits } from "../../src/runtime/h2/index.js";
import {
  block,
  data,
  END_HEADERS,
  END_STREAM,
  frame,
  headers,
  join,
  ping,
  REQUEST,
  rst,
  settings,
  settingsAck,
  TRAILERS,
  windowUpdate,
} from "./support/frames.js";
import { ClientPeer, ServerPeer, shown } from "./support/peer.js";

const CALM = /^GOAWAY 0 \d+ ENHANCE_YOUR_CALM: \S/;
const { CANCEL, PROTOCOL_ERROR } = ErrorCode;

/** Feeds rounds of frames until the connection is closed; how many that took, or the maximum. */
function until(
  peer: ClientPeer | ServerPeer,
  most: number,
  round: (i: number) => readonly Uint8Array[],
  drain = true,
): number {
  for (let i = 0; i < most; i++) {
    peer.connection.receive(join(...round(i)));
    if (peer.connection.closed) return i;
    if (drain) peer.output();
  }
  return most;
}

const server = (limits: Partial<Limits> = {}) => new ClientPeer({ limits });

describe("abuse of a server", () => {
  test("rapid reset (CVE-2023-44487): HEADERS and RST_STREAM, again and again", () => {
    const peer = server({ resetBurst: 100 });
    const rounds = until(peer, 1000, (i) => [headers(1 + 2 * i, REQUEST), rst(1 + 2 * i)]);
    expect(rounds).toBe(100);
    expect(shown(peer.output()).at(-1)).toMatch(CALM);
    expect(peer.connection.openStreams).toBe(0);
  });

  test("resets at a fair rate, or beside as many calls that end well, are no abuse", () => {
    const slow = server({ resetBurst: 100, resetsPerSecond: 10 });
    expect(
      until(slow, 1000, (i) => {
        slow.environment.advance(100);
        return [headers(1 + 2 * i, REQUEST), rst(1 + 2 * i)];
      }),
    ).toBe(1000);
    const mixed = server({ resetBurst: 100 });
    const answers = (i: number) => {
      for (const { stream } of mixed.streams.splice(0)) stream.sendHeaders([":status", "200"], true);
      return [headers(1 + 4 * i, REQUEST), rst(1 + 4 * i), headers(3 + 4 * i, REQUEST, END_STREAM)];
    };
    expect(until(mixed, 1000, answers)).toBe(1000);
  });

  test("MadeYouReset (CVE-2025-8671): faults that make us reset count as resets", () => {
    for (const fault of [
      (id: number) => windowUpdate(id, 0),
      (id: number) => windowUpdate(id, 2 ** 31 - 1),
      (id: number) => headers(id, TRAILERS),
      (id: number) => data(id, new Uint8Array(65_536)),
    ]) {
      const peer = server({ resetBurst: 20 });
      expect(until(peer, 100, (i) => [headers(1 + 2 * i, REQUEST), fault(1 + 2 * i)])).toBe(20);
    }
  });

  test("CONTINUATION flood (CVE-2024-27316): frames, and bytes, of one block", () => {
    const empty = server();
    empty.send(frame(1, 0, 1, block(REQUEST)));
    expect(until(empty, 1000, () => [frame(9, 0, 1)])).toBeLessThan(130);
    const long = server({ maxHeaderBlockBytes: 100_000 });
    long.send(frame(1, 0, 1, block(REQUEST)));
    expect(until(long, 1000, () => [frame(9, 0, 1, new Uint8Array(10_000).fill(0x40))])).toBeLessThan(11);
    expect(shown(long.output()).at(-1)).toMatch(CALM);
  });

  test.each([
    ["PING (CVE-2019-9512)", () => ping()],
    ["SETTINGS (CVE-2019-9515)", () => settings([3, 7])],
    ["PRIORITY", () => frame(2, 0, 9, new Uint8Array([0, 0, 0, 1, 1]))],
    ["unknown frames", () => frame(99, 0, 0)],
    ["WINDOW_UPDATE of 1", () => windowUpdate(0, 1)],
    ["acknowledgements of nothing", () => settingsAck()],
  ])("a flood of %s", (_name, one) => {
    const peer = server({ controlBurst: 300 });
    expect(until(peer, 1000, () => [one()])).toBeLessThan(310);
    expect(shown(peer.output()).at(-1)).toMatch(CALM);
  });

  test("answers to a peer that does not read are bounded", () => {
    const peer = server({ controlBurst: Number.POSITIVE_INFINITY, maxControlBacklog: 10_000 });
    expect(until(peer, 10_000, () => [ping()], false)).toBeLessThan(600);
    expect(peer.connection.queuedBytes).toBeLessThan(11_000);
  });

  test("requests whose answers are not read are bounded", () => {
    const peer = server({ maxWriteBacklog: 100_000 });
    const rounds = until(
      peer,
      100_000,
      (i) => {
        for (const { stream } of peer.streams.splice(0)) {
          stream.sendHeaders([":status", "200", "x-long", "v".repeat(1000)], false);
          stream.sendHeaders(["grpc-status", "0", "x-long", `${i}`.repeat(300)], true);
        }
        return [headers(1 + 2 * i, REQUEST, END_STREAM)];
      },
      false,
    );
    expect(rounds).toBeLessThan(2000);
    expect(peer.connection.closed).toBe(true);
  });

  test("empty DATA (CVE-2019-9518), padded or not", () => {
    for (const empty of [data(1, ""), data(1, new Uint8Array([3, 0, 0, 0]), 8)]) {
      const peer = server({ emptyFrameBurst: 50 });
      peer.send(headers(1, REQUEST));
      expect(until(peer, 1000, () => [empty])).toBe(50);
    }
  });

  test("windows that let only crumbs through (CVE-2019-9511)", () => {
    const peer = server({ controlBurst: 100 });
    peer.send(settings([4, 1]), headers(1, REQUEST, END_STREAM));
    peer.streams[0]?.stream.sendData(new Uint8Array(100_000), true);
    expect(until(peer, 1000, () => [windowUpdate(1, 1)])).toBeLessThan(110);
  });

  test("a proxy that gives back 16 KiB in large and very small pieces (HAProxy) is no abuse", () => {
    const peer = server({ controlBurst: 100 });
    peer.send(headers(1, REQUEST, END_STREAM));
    peer.streams[0]?.stream.sendData(new Uint8Array(20_000_000), true);
    const pieces = [16_320, 64, 16_320, 8, 56].flatMap((size) => [windowUpdate(1, size), windowUpdate(0, size)]);
    let received = 0;
    for (let i = 0; i < 600; i++) {
      for (const piece of pieces) {
        for (const { type, payload } of peer.send(piece)) if (type === "DATA") received += payload.length;
      }
    }
    expect(peer.connection.closed).toBe(false);
    expect(received).toBeGreaterThan(19_000_000);
  });

  test("a header list over the limit fails its stream alone, and the tables stay in step", () => {
    const peer = server({ maxHeaderListSize: 1000 });
    const secret = "s".repeat(200_000);
    const list = [...REQUEST, "x-secret", secret, "x-later", "kept"];
    const bytes = block(list);
    const frames = [frame(1, 0, 1, bytes.subarray(0, 9000))];
    for (let at = 9000; at < bytes.length; at += 16_000) {
      frames.push(frame(9, at + 16_000 >= bytes.length ? END_HEADERS : 0, 1, bytes.subarray(at, at + 16_000)));
    }
    peer.send(...frames);
    expect(peer.streams[0]?.events[0]).toMatch(/^request too large 2\d{5}$|^request {2}too large 2\d{5}$/);
    peer.streams[0]?.stream.sendHeaders([":status", "200", "grpc-status", "8"], true);
    expect(shown(peer.output())).toEqual(["HEADERS 1 flags 5"]);
    peer.send(data(1, "x", END_STREAM), headers(3, REQUEST, END_STREAM));
    expect(peer.streams[1]?.events).toEqual([`request ${REQUEST.join(" ")} END`]);
  });

  test("HPACK bombs: a small block that names a large entry often", () => {
    const peer = server();
    const large = new Uint8Array([0x40, 1, 0x61, 0x7f, 0x81, 0x1e, ...new Uint8Array(3968).fill(0x62)]);
    peer.send(frame(1, END_HEADERS, 1, join(block(REQUEST), large)));
    peer.send(frame(1, END_HEADERS, 3, join(block(REQUEST), new Uint8Array(16_000).fill(0xbe))));
    expect(peer.streams.at(-1)?.events[0]).toMatch(/too large/);
  });

  test("frames on streams that are over", () => {
    const peer = server({ strayFrameBurst: 50 });
    peer.send(headers(1, REQUEST, END_STREAM), rst(1, CANCEL));
    expect(until(peer, 1000, () => [rst(1, CANCEL)])).toBe(50);
  });

  test("DATA beyond what a stream that we reset had been granted", () => {
    const peer = server();
    peer.send(headers(1, REQUEST));
    peer.streams[0]?.stream.reset(PROTOCOL_ERROR);
    expect(until(peer, 1000, () => [data(1, new Uint8Array(10_000))])).toBe(6);
  });
});

describe("slow peers", () => {
  test("no preface in time", () => {
    const peer = new ClientPeer({}, false);
    peer.connection.receive(Buffer.from("PRI * "));
    peer.environment.advance(9_999);
    expect(peer.connection.closed).toBe(false);
    peer.environment.advance(1);
    expect(peer.connection.closed).toBe(true);
    expect(peer.environment.timers).toBe(0);
  });

  test("SETTINGS never acknowledged", () => {
    const peer = new ClientPeer({}, false);
    peer.send(Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), settings());
    peer.environment.advance(30_000);
    expect(shown(peer.output()).at(-1)).toMatch(/not acknowledged/);
  });

  test("a header block that trickles, while other frames cannot come", () => {
    const peer = server();
    const bytes = frame(1, END_HEADERS, 1, block(REQUEST));
    for (let i = 0; i < 30 && !peer.connection.closed; i++) {
      peer.connection.receive(bytes.subarray(i, i + 1));
      peer.environment.advance(500);
    }
    expect(peer.connection.closed).toBe(true);
    expect(shown(peer.output()).at(-1)).toMatch(CALM);
  });

  test("reads that always end inside of some frame are fine", () => {
    const peer = server();
    let rest = new Uint8Array(0);
    for (let i = 0; i < 100; i++) {
      const next = headers(1 + 2 * i, REQUEST, END_STREAM);
      peer.connection.receive(join(rest, next.subarray(0, 12)));
      rest = next.slice(12);
      peer.environment.advance(1000);
      for (const { stream } of peer.streams.splice(0)) stream.sendHeaders([":status", "200"], true);
    }
    expect(peer.connection.closed).toBe(false);
  });

  test("DATA may trickle: that is the user's to judge", () => {
    const peer = server();
    peer.send(headers(1, REQUEST));
    const bytes = data(1, "0123456789");
    for (let i = 0; i < bytes.length; i++) {
      peer.connection.receive(bytes.subarray(i, i + 1));
      peer.environment.advance(i < 9 ? 1000 : 60_000);
    }
    expect(peer.streams[0]?.data).toBe("0123456789");
  });
});

describe("abuse of a client", () => {
  test("a server's floods end the connection too; its resets do not", () => {
    const peer = new ServerPeer({ limits: { controlBurst: 100, resetBurst: 10 } });
    expect(
      until(peer, 200, (i) => {
        peer.request(REQUEST, false);
        return [rst(1 + 2 * i)];
      }),
    ).toBe(200);
    expect(until(peer, 1000, () => [ping()])).toBeLessThan(110);
  });

  test("a response's header list over the limit resets the call, and nothing else", () => {
    const peer = new ServerPeer({ limits: { maxHeaderListSize: 1000 } });
    const call = peer.request(REQUEST, true);
    const frames = peer.send(frame(1, END_HEADERS | END_STREAM, 1, block([":status", "200", "x", "y".repeat(2000)])));
    expect(call.events).toEqual(["headers over 1000 END"]);
    expect(shown(frames)).not.toContain("GOAWAY");
    expect(peer.connection).toMatchObject({ closed: false, openStreams: 0 });
  });
});
