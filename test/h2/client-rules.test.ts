import { describe, expect, test } from "vitest";
import { errorCodeName } from "../../src/runtime/h2/errors.js";
import { ErrorCode } from "../../src/runtime/h2/index.js";
import {
  ACK,
  block,
  data,
  END_HEADERS,
  END_STREAM,
  frame,
  goaway,
  headers,
  join,
  PADDED,
  ping,
  REQUEST,
  RESPONSE,
  rst,
  settings,
  TRAILERS,
  windowUpdate,
  words,
} from "./support/frames.js";
import { ServerPeer, shown } from "./support/peer.js";

const { PROTOCOL_ERROR, FRAME_SIZE_ERROR, FLOW_CONTROL_ERROR, STREAM_CLOSED, COMPRESSION_ERROR } = ErrorCode;
const bytes = (...values: number[]) => new Uint8Array(values);
const response = headers(1, RESPONSE);

/** What a server sends to a client whose request on stream 1 is open, and the code of the GOAWAY that it gets. */
const CONNECTION_ERRORS: readonly (readonly [name: string, code: number, ...frames: Uint8Array[]])[] = [
  ["4.3 a header block that cannot be decoded", COMPRESSION_ERROR, frame(1, END_HEADERS, 1, bytes(0xbf, 0xff))],
  ["5.1 idle: DATA", PROTOCOL_ERROR, data(3, "x")],
  ["5.1 idle: HEADERS", PROTOCOL_ERROR, headers(3, RESPONSE)],
  ["5.1 idle: RST_STREAM", PROTOCOL_ERROR, rst(3)],
  ["5.1 idle: WINDOW_UPDATE", PROTOCOL_ERROR, windowUpdate(3, 1)],
  ["5.1.1 a stream that the server opens", PROTOCOL_ERROR, headers(2, RESPONSE)],
  ["5.1 closed: HEADERS after RST_STREAM of its own", STREAM_CLOSED, rst(1), response],
  [
    "6.1 DATA with more padding than payload",
    PROTOCOL_ERROR,
    response,
    frame(0, PADDED, 1, bytes(1, 0).subarray(0, 1)),
  ],
  ["6.2 DATA inside of a header block", PROTOCOL_ERROR, frame(1, 0, 1, block(RESPONSE)), data(1, "x")],
  ["6.5.2 ENABLE_PUSH from a server", PROTOCOL_ERROR, settings([2, 1])],
  ["6.5.2 INITIAL_WINDOW_SIZE over 2^31-1", FLOW_CONTROL_ERROR, settings([4, 2 ** 31])],
  ["6.6 PUSH_PROMISE", PROTOCOL_ERROR, frame(5, END_HEADERS, 1, join(words(2), block(REQUEST)))],
  ["6.7 PING of 7 bytes", FRAME_SIZE_ERROR, frame(6, 0, 0, new Uint8Array(7))],
  ["6.9 WINDOW_UPDATE of 0 on the connection", PROTOCOL_ERROR, windowUpdate(0, 0)],
  ["6.9.1 a connection window over 2^31-1", FLOW_CONTROL_ERROR, windowUpdate(0, 2 ** 31 - 1)],
  ["6.10 CONTINUATION without HEADERS", PROTOCOL_ERROR, frame(9, END_HEADERS, 1, block(RESPONSE))],
];

/** … and the code of the RST_STREAM that it gets; the connection lives on. */
const STREAM_ERRORS: readonly (readonly [name: string, code: number, ...frames: Uint8Array[]])[] = [
  ["8.1 DATA before the response", PROTOCOL_ERROR, data(1, "x")],
  ["8.1 an interim response that ends the stream", PROTOCOL_ERROR, headers(1, [":status", "103"], END_STREAM)],
  ["8.1 a second response", PROTOCOL_ERROR, response, headers(1, RESPONSE)],
  ["8.1 trailers that do not end the stream", PROTOCOL_ERROR, response, headers(1, TRAILERS)],
  ["8.1.1 more than content-length", PROTOCOL_ERROR, headers(1, [...RESPONSE, "content-length", "1"]), data(1, "ab")],
  [
    "8.1.1 less than content-length",
    PROTOCOL_ERROR,
    headers(1, [...RESPONSE, "content-length", "3"]),
    data(1, "ab", END_STREAM),
  ],
  ["8.2.1 an upper-case name", PROTOCOL_ERROR, headers(1, [...RESPONSE, "X-Up", "1"])],
  ["8.2.2 connection", PROTOCOL_ERROR, headers(1, [...RESPONSE, "connection", "close"])],
  ["8.3.2 no :status", PROTOCOL_ERROR, headers(1, ["content-type", "a"])],
  ["8.3.2 a :status of four digits", PROTOCOL_ERROR, headers(1, [":status", "2000"])],
  ["8.3.2 :status twice", PROTOCOL_ERROR, headers(1, [":status", "200", ...RESPONSE])],
  ["8.3.2 a request's pseudo-header", PROTOCOL_ERROR, headers(1, [...RESPONSE.slice(0, 2), ":path", "/"])],
  ["8.6 101 Switching Protocols", PROTOCOL_ERROR, headers(1, [":status", "101"])],
  ["6.9 WINDOW_UPDATE of 0", PROTOCOL_ERROR, windowUpdate(1, 0)],
  ["6.9.1 a window over 2^31-1", FLOW_CONTROL_ERROR, windowUpdate(1, 2 ** 31 - 1)],
  ["6.9.1 DATA beyond the stream's window", FLOW_CONTROL_ERROR, response, data(1, new Uint8Array(65_536))],
];

describe("a client and RFC 9113", () => {
  test("3.4 says its preface and SETTINGS first, with push off", () => {
    const peer = new ServerPeer({}, false);
    const [first, second] = peer.output();
    expect(first?.type).toBe("SETTINGS");
    expect([...(first?.payload ?? [])].join()).toContain("0,2,0,0,0,0");
    expect(second?.type).toBe("WINDOW_UPDATE");
  });

  test("3.4 something else than SETTINGS from the server", () => {
    const peer = new ServerPeer({}, false);
    expect(shown(peer.send(ping())).at(-1)).toMatch(/^GOAWAY 0 0 PROTOCOL_ERROR: PING before SETTINGS$/);
  });

  test("3.4 a server that answers in HTTP/1.1", () => {
    const peer = new ServerPeer({}, false);
    peer.request(REQUEST, true);
    expect(shown(peer.send(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"))).at(-1)).toMatch(/^GOAWAY/);
    expect(peer.log).toContain("closed");
  });

  test.each(CONNECTION_ERRORS.map(([name, code, ...frames]) => ({ name, code, frames })))(
    "ends the connection: $name",
    ({ code, frames }) => {
      const peer = new ServerPeer();
      const call = peer.request(REQUEST, false);
      expect(shown(peer.send(...frames)).at(-1)).toMatch(new RegExp(`^GOAWAY 0 0 ${errorCodeName(code)}: \\S`));
      expect(peer.error).toMatchObject({ code, origin: "local" });
      expect(call.events.filter((event) => event.startsWith("reset"))).toHaveLength(1);
      expect(peer.connection).toMatchObject({ closed: true, openStreams: 0, availableStreams: 0 });
      expect(peer.environment.timers).toBe(0);
    },
  );

  test.each(STREAM_ERRORS.map(([name, code, ...frames]) => ({ name, code, frames })))(
    "resets the stream: $name",
    ({ code, frames }) => {
      const peer = new ServerPeer();
      const call = peer.request(REQUEST, false);
      peer.output();
      expect(shown(peer.send(...frames))).toContain(`RST_STREAM 1 ${code}`);
      expect(call.events.at(-1)).toBe(`reset ${code} local`);
      const next = peer.request(REQUEST, true);
      peer.send(headers(3, RESPONSE), data(3, "hi"), headers(3, TRAILERS, END_STREAM));
      expect(next).toMatchObject({
        events: [`headers ${RESPONSE.join(" ")}`, `headers ${TRAILERS.join(" ")} END`],
        data: "hi",
      });
      expect(peer.connection).toMatchObject({ closed: false, openStreams: 0 });
    },
  );

  test("8.1 interim responses come before the response", () => {
    const peer = new ServerPeer();
    const call = peer.request(REQUEST, true);
    peer.send(
      headers(1, [":status", "100"]),
      headers(1, [":status", "103", "link", "x"]),
      response,
      data(1, "", END_STREAM),
    );
    expect(call.events).toEqual([
      "headers :status 100",
      "headers :status 103 link x",
      `headers ${RESPONSE.join(" ")}`,
      "end",
    ]);
  });

  test("8.1 a response before the request has ended, and a reset without error behind it", () => {
    const peer = new ServerPeer();
    const call = peer.request(REQUEST, false);
    peer.send(headers(1, [...RESPONSE, ...TRAILERS], END_STREAM), rst(1, 0));
    expect(call.events).toEqual([`headers ${[...RESPONSE, ...TRAILERS].join(" ")} END`, "reset 0 peer"]);
    expect(call.stream).toMatchObject({ closed: true, writable: false });
  });

  test("a cancel is RST_STREAM alone; what races it is tolerated", () => {
    const peer = new ServerPeer();
    const call = peer.request(REQUEST, false);
    call.stream.sendData(Buffer.from("abc"), false);
    peer.output();
    call.stream.reset(ErrorCode.CANCEL);
    call.stream.sendData(Buffer.from("abc"), true);
    call.stream.sendHeaders(["a", "b"], true);
    call.stream.end();
    call.stream.reset(ErrorCode.CANCEL);
    expect(shown(peer.output())).toEqual(["RST_STREAM 1 8"]);
    expect(
      shown(
        peer.send(
          response,
          data(1, new Uint8Array(30_000)),
          windowUpdate(1, 3),
          headers(1, TRAILERS, END_STREAM),
          ping(),
        ),
      ),
    ).toEqual(["PING 0 flags 1"]);
    expect(call.events).toEqual([]);
    expect(call.stream).toMatchObject({ closed: true, queuedBytes: 0 });
  });

  test("6.5.2 MAX_CONCURRENT_STREAMS bounds what may be opened", () => {
    const peer = new ServerPeer();
    expect(peer.connection.availableStreams).toBe(Number.POSITIVE_INFINITY);
    peer.send(settings([3, 2]));
    expect(peer.connection.availableStreams).toBe(2);
    peer.request(REQUEST, true);
    peer.request(REQUEST, true);
    expect(() => peer.request(REQUEST, true)).toThrow(RangeError);
    peer.send(headers(1, RESPONSE, END_STREAM));
    expect(peer.log).toEqual(["available"]);
    expect(peer.connection.availableStreams).toBe(1);
  });

  test("6.8 GOAWAY: what is above the last id was not processed, the rest comes to its end", () => {
    const peer = new ServerPeer();
    const [first, second] = [peer.request(REQUEST, true), peer.request(REQUEST, true)];
    peer.send(goaway(2 ** 31 - 1, 0, "soon"));
    expect(peer.connection).toMatchObject({ availableStreams: 0, openStreams: 2, closed: false, goingAway: true });
    peer.send(goaway(1, 0, "now"), headers(1, RESPONSE, END_STREAM));
    expect(first.events).toEqual([`headers ${RESPONSE.join(" ")} END`]);
    expect(second.events).toEqual(["reset 7 unprocessed"]);
    expect(peer.log).toEqual(["goaway 2147483647 0 soon", "goaway 1 0 now", "idle", "closed"]);
    expect(peer.error).toBeUndefined();
  });

  test("6.8 GOAWAY with an error names it at the end", () => {
    const peer = new ServerPeer();
    const call = peer.request(REQUEST, true);
    peer.send(goaway(1, 11, "too_many_pings"));
    peer.connection.receiveEnd();
    expect(call.events).toEqual(["reset 11 connection"]);
    expect(peer.error).toMatchObject({
      code: 11,
      origin: "remote",
      message: "the peer said GOAWAY ENHANCE_YOUR_CALM: too_many_pings",
    });
  });

  test("a lost byte stream resets every stream, once", () => {
    const peer = new ServerPeer();
    const call = peer.request(REQUEST, true);
    peer.connection.receiveEnd(new Error("ECONNRESET"));
    peer.connection.receiveEnd();
    peer.connection.close();
    expect(call.events).toEqual(["reset 0 connection"]);
    expect(peer.log).toEqual(["closed"]);
    expect(peer.error).toMatchObject({ origin: "transport", message: "ECONNRESET" });
  });

  test("6.7 an answered PING tells the round trip", () => {
    const peer = new ServerPeer();
    let rtt = -1;
    peer.connection.ping((ms) => {
      rtt = ms;
    });
    const [sent] = peer.output();
    peer.environment.advance(7);
    peer.send(frame(6, ACK, 0, sent?.payload));
    expect(rtt).toBe(7);
  });
});
