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
  PREFACE,
  PRIORITY,
  ping,
  REQUEST,
  rst,
  settings,
  settingsAck,
  TRAILERS,
  windowUpdate,
  words,
} from "./support/frames.js";
import { ClientPeer, shown } from "./support/peer.js";

const { PROTOCOL_ERROR, FRAME_SIZE_ERROR, FLOW_CONTROL_ERROR, STREAM_CLOSED, COMPRESSION_ERROR, ENHANCE_YOUR_CALM } =
  ErrorCode;
const open = headers(1, REQUEST);
const whole = headers(1, REQUEST, END_STREAM);
const bytes = (...values: number[]) => new Uint8Array(values);

/** What a client sends after SETTINGS, and the code of the GOAWAY that it gets. */
const CONNECTION_ERRORS: readonly (readonly [name: string, code: number, ...frames: Uint8Array[]])[] = [
  ["4.2 a frame over the announced size", FRAME_SIZE_ERROR, frame(6, 0, 0, new Uint8Array(262_145))],
  [
    "4.3 a header block that cannot be decoded",
    COMPRESSION_ERROR,
    frame(1, END_HEADERS, 1, bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff)),
  ],
  ["4.3 an index of 0", COMPRESSION_ERROR, frame(1, END_HEADERS, 1, bytes(0x80))],
  ["5.1 idle: DATA", PROTOCOL_ERROR, data(1, "x")],
  ["5.1 idle: RST_STREAM", PROTOCOL_ERROR, rst(1)],
  ["5.1 idle: WINDOW_UPDATE", PROTOCOL_ERROR, windowUpdate(1, 1)],
  ["5.1 idle: CONTINUATION", PROTOCOL_ERROR, frame(9, END_HEADERS, 1, block(REQUEST))],
  ["5.1 closed: HEADERS after RST_STREAM of its own", STREAM_CLOSED, whole, rst(1), whole],
  ["5.1 closed: DATA after RST_STREAM of its own", STREAM_CLOSED, open, rst(1), data(1, "x")],
  ["5.1.1 an even stream id", PROTOCOL_ERROR, headers(2, REQUEST)],
  ["5.1.1 a lower stream id", STREAM_CLOSED, headers(5, REQUEST), headers(3, REQUEST)],
  ["5.3.1 PRIORITY on itself", PROTOCOL_ERROR, frame(2, 0, 1, join(words(1), bytes(9)))],
  ["5.5 an unknown frame inside of a header block", PROTOCOL_ERROR, frame(1, 0, 1, block(REQUEST)), frame(22, 0, 1)],
  ["6.1 DATA on stream 0", PROTOCOL_ERROR, data(0, "x")],
  ["6.1 DATA with more padding than payload", PROTOCOL_ERROR, open, frame(0, PADDED, 1, bytes(6, 0, 0, 0, 0, 0))],
  ["6.1 padded DATA without room", FRAME_SIZE_ERROR, open, frame(0, PADDED, 1)],
  ["6.2 HEADERS on stream 0", PROTOCOL_ERROR, headers(0, REQUEST)],
  ["6.2 HEADERS with more padding than payload", PROTOCOL_ERROR, frame(1, PADDED | END_HEADERS, 1, bytes(9, 0x82))],
  ["6.2 HEADERS with PRIORITY that does not fit", PROTOCOL_ERROR, frame(1, PRIORITY | END_HEADERS, 1, bytes(0, 0))],
  ["6.2 another frame inside of a header block", PROTOCOL_ERROR, frame(1, 0, 1, block(REQUEST)), ping()],
  [
    "6.2 HEADERS of another stream inside of a block",
    PROTOCOL_ERROR,
    frame(1, 0, 1, block(REQUEST)),
    headers(3, REQUEST),
  ],
  ["6.2 DATA inside of a header block", PROTOCOL_ERROR, frame(1, 0, 1, block(REQUEST)), data(1, "x")],
  ["6.3 PRIORITY on stream 0", PROTOCOL_ERROR, frame(2, 0, 0, bytes(0, 0, 0, 1, 1))],
  ["6.3 PRIORITY of 4 bytes", FRAME_SIZE_ERROR, frame(2, 0, 1, bytes(0, 0, 0, 1))],
  ["6.4 RST_STREAM on stream 0", PROTOCOL_ERROR, rst(0)],
  ["6.4 RST_STREAM of 3 bytes", FRAME_SIZE_ERROR, open, frame(3, 0, 1, bytes(0, 0, 8))],
  ["6.5 SETTINGS ACK with a payload", FRAME_SIZE_ERROR, frame(4, ACK, 0, bytes(0, 0, 0, 0, 0, 0))],
  ["6.5 SETTINGS on a stream", PROTOCOL_ERROR, frame(4, 0, 1)],
  ["6.5 SETTINGS of 5 bytes", FRAME_SIZE_ERROR, frame(4, 0, 0, bytes(0, 1, 0, 0, 0))],
  ["6.5.2 ENABLE_PUSH of 2", PROTOCOL_ERROR, settings([2, 2])],
  ["6.5.2 INITIAL_WINDOW_SIZE over 2^31-1", FLOW_CONTROL_ERROR, settings([4, 2 ** 31])],
  ["6.5.2 MAX_FRAME_SIZE under 2^14", PROTOCOL_ERROR, settings([5, 16_383])],
  ["6.5.2 MAX_FRAME_SIZE over 2^24-1", PROTOCOL_ERROR, settings([5, 2 ** 24])],
  ["RFC 8441 ENABLE_CONNECT_PROTOCOL of 2", PROTOCOL_ERROR, settings([8, 2])],
  ["RFC 8441 ENABLE_CONNECT_PROTOCOL taken back", PROTOCOL_ERROR, settings([8, 1]), settings([8, 0])],
  ["6.6 PUSH_PROMISE from a client", PROTOCOL_ERROR, open, frame(5, END_HEADERS, 1, join(words(2), block(REQUEST)))],
  ["6.7 PING on a stream", PROTOCOL_ERROR, frame(6, 0, 1, new Uint8Array(8))],
  ["6.7 PING of 6 bytes", FRAME_SIZE_ERROR, frame(6, 0, 0, new Uint8Array(6))],
  ["6.8 GOAWAY on a stream", PROTOCOL_ERROR, frame(7, 0, 1, words(0, 0))],
  ["6.8 GOAWAY of 4 bytes", FRAME_SIZE_ERROR, frame(7, 0, 0, words(0))],
  ["6.9 WINDOW_UPDATE of 0 on the connection", PROTOCOL_ERROR, windowUpdate(0, 0)],
  ["6.9 WINDOW_UPDATE of 3 bytes", FRAME_SIZE_ERROR, frame(8, 0, 0, bytes(0, 0, 1))],
  ["6.9.1 a connection window over 2^31-1", FLOW_CONTROL_ERROR, windowUpdate(0, 2 ** 31 - 1)],
  [
    "6.9.2 a stream's window over 2^31-1 by SETTINGS",
    FLOW_CONTROL_ERROR,
    open,
    windowUpdate(1, 2 ** 31 - 65_536),
    settings([4, 65_536]),
  ],
  ["6.10 CONTINUATION without HEADERS", PROTOCOL_ERROR, open, frame(9, END_HEADERS, 1, block(TRAILERS))],
  ["6.10 CONTINUATION after the end of headers", PROTOCOL_ERROR, open, frame(9, 0, 1)],
  ["6.10 CONTINUATION on another stream", PROTOCOL_ERROR, frame(1, 0, 1, block(REQUEST)), frame(9, END_HEADERS, 3)],
  [
    "6.10 a flood of CONTINUATION",
    ENHANCE_YOUR_CALM,
    frame(1, 0, 1, block(REQUEST)),
    ...Array.from({ length: 200 }, () => frame(9, 0, 1)),
  ],
];

/** What a client sends after SETTINGS, and the code of the RST_STREAM that it gets on stream 1; the connection lives on. */
const STREAM_ERRORS: readonly (readonly [name: string, code: number, ...frames: Uint8Array[]])[] = [
  ["5.1 half-closed (remote): DATA", STREAM_CLOSED, whole, data(1, "x")],
  ["5.1 half-closed (remote): HEADERS", STREAM_CLOSED, whole, headers(1, TRAILERS, END_STREAM)],
  [
    "5.3.1 HEADERS that depend on themselves",
    PROTOCOL_ERROR,
    frame(1, END_HEADERS | PRIORITY | END_STREAM, 1, join(words(1), bytes(9), block(REQUEST))),
  ],
  ["6.9 WINDOW_UPDATE of 0", PROTOCOL_ERROR, open, windowUpdate(1, 0)],
  ["6.9.1 a window over 2^31-1", FLOW_CONTROL_ERROR, open, windowUpdate(1, 2 ** 31 - 1)],
  ["6.9.1 DATA beyond the stream's window", FLOW_CONTROL_ERROR, open, data(1, new Uint8Array(65_536))],
  ["8.1 trailers that do not end the stream", PROTOCOL_ERROR, open, headers(1, TRAILERS)],
  [
    "8.1.1 more than content-length",
    PROTOCOL_ERROR,
    headers(1, [...REQUEST, "content-length", "1"]),
    data(1, "ab", END_STREAM),
  ],
  [
    "8.1.1 less than content-length",
    PROTOCOL_ERROR,
    headers(1, [...REQUEST, "content-length", "3"]),
    data(1, "ab", END_STREAM),
  ],
  [
    "8.1.1 less than content-length, and trailers",
    PROTOCOL_ERROR,
    headers(1, [...REQUEST, "content-length", "3"]),
    data(1, "ab"),
    headers(1, TRAILERS, END_STREAM),
  ],
  ["8.1.1 content-length, and no body", PROTOCOL_ERROR, headers(1, [...REQUEST, "content-length", "3"], END_STREAM)],
  ["8.2.1 an upper-case name", PROTOCOL_ERROR, headers(1, [...REQUEST, "X-Up", "1"])],
  ["8.2.1 a line break in a value", PROTOCOL_ERROR, headers(1, [...REQUEST, "x-a", "1\r\n2"])],
  ["8.2.1 NUL in a value", PROTOCOL_ERROR, headers(1, [...REQUEST, "x-a", "\0"])],
  ["8.2.2 connection", PROTOCOL_ERROR, headers(1, [...REQUEST, "connection", "close"])],
  ["8.2.2 transfer-encoding", PROTOCOL_ERROR, headers(1, [...REQUEST, "transfer-encoding", "chunked"])],
  ["8.2.2 te other than trailers", PROTOCOL_ERROR, headers(1, [...REQUEST.slice(0, 8), "te", "gzip"])],
  ["8.3 an unknown pseudo-header", PROTOCOL_ERROR, headers(1, [":x", "1", ...REQUEST])],
  ["8.3 :status in a request", PROTOCOL_ERROR, headers(1, [":status", "200", ...REQUEST])],
  ["8.3 a pseudo-header behind a header", PROTOCOL_ERROR, headers(1, [...REQUEST.slice(2), ":method", "POST"])],
  ["8.3 a pseudo-header in trailers", PROTOCOL_ERROR, open, headers(1, [":path", "/"], END_STREAM)],
  ["8.3.1 no :method", PROTOCOL_ERROR, headers(1, REQUEST.slice(2))],
  ["8.3.1 no :path", PROTOCOL_ERROR, headers(1, [...REQUEST.slice(0, 4), ...REQUEST.slice(6)])],
  ["8.3.1 an empty :path", PROTOCOL_ERROR, headers(1, [...REQUEST.slice(0, 4), ":path", "", ...REQUEST.slice(6)])],
  ["8.3.1 :method twice", PROTOCOL_ERROR, headers(1, [":method", "POST", ...REQUEST])],
  [
    "RFC 8441 extended CONNECT, not asked for",
    PROTOCOL_ERROR,
    headers(1, [":method", "CONNECT", ":protocol", "websocket", ...REQUEST.slice(2)]),
  ],
];

/** What must not matter. */
const FINE: readonly (readonly [name: string, ...frames: Uint8Array[]])[] = [
  ["4.1 an unknown frame", frame(22, 255, 0, bytes(1, 2, 3)), frame(200, 7, 1)],
  [
    "5.1 closed: WINDOW_UPDATE and RST_STREAM",
    open,
    rst(1),
    windowUpdate(1, 5),
    rst(1),
    frame(2, 0, 1, bytes(0, 0, 0, 0, 1)),
  ],
  ["5.3.2 PRIORITY", frame(2, 0, 7, bytes(0, 0, 0, 0, 1)), headers(1, REQUEST)],
  ["6.1 padding", open, frame(0, PADDED, 1, bytes(3, 65, 66, 0, 0, 0)), frame(0, PADDED, 1, bytes(0))],
  [
    "6.2 padding and PRIORITY",
    frame(1, PADDED | PRIORITY | END_HEADERS, 1, join(bytes(2, 0, 0, 0, 0, 9), block(REQUEST), bytes(0, 0))),
  ],
  ["6.5 unknown settings", settings([99, 1], [0, 5])],
  ["6.5 an acknowledgement that nobody waits for", settingsAck()],
  ["6.5.3 settings", settings([1, 0], [3, 0], [4, 0], [5, 16_777_215], [6, 0])],
  ["6.7 an answer that nobody waits for", ping("abcdefgh", ACK)],
  ["6.8 GOAWAY that names our streams", open, goaway(0, 77, "bye")],
  [
    "6.10 CONTINUATION",
    frame(1, 0, 1, block(REQUEST).subarray(0, 3)),
    frame(9, 0, 1),
    frame(9, END_HEADERS, 1, block(REQUEST).subarray(3)),
  ],
];

describe("a server and RFC 9113", () => {
  test.each(CONNECTION_ERRORS.map(([name, code, ...frames]) => ({ name, code, frames })))(
    "ends the connection: $name",
    ({ code, frames }) => {
      const peer = new ClientPeer();
      const answer = shown(peer.send(...frames));
      expect(answer.at(-1)).toMatch(new RegExp(`^GOAWAY 0 \\d+ ${errorCodeName(code)}: \\S`));
      expect(peer.log.at(-1)).toBe("closed");
      expect(peer.error).toMatchObject({ code, origin: "local" });
      expect(peer.connection.openStreams).toBe(0);
      for (const { events } of peer.streams)
        expect(events.filter((event) => event.startsWith("reset")).length).toBeLessThan(2);
      expect(peer.send(ping())).toEqual([]);
      expect(peer.environment.timers).toBe(0);
    },
  );

  test.each(STREAM_ERRORS.map(([name, code, ...frames]) => ({ name, code, frames })))(
    "resets the stream: $name",
    ({ code, frames }) => {
      const peer = new ClientPeer();
      const answer = shown(peer.send(...frames));
      expect(answer).toContain(`RST_STREAM 1 ${code}`);
      expect(peer.connection).toMatchObject({ closed: false, openStreams: 0, unreadBytes: 0 });
      if (peer.streams.length > 0) expect(peer.streams[0]?.events.at(-1)).toBe(`reset ${code} local`);
      expect(shown(peer.send(headers(3, REQUEST, END_STREAM), ping()))).toEqual(["PING 0 flags 1"]);
      expect(peer.streams.at(-1)?.events).toEqual([`request ${REQUEST.join(" ")} END`]);
    },
  );

  test.each(FINE.map(([name, ...frames]) => ({ name, frames })))("takes: $name", ({ frames }) => {
    const peer = new ClientPeer();
    expect(shown(peer.send(...frames, ping())).at(-1)).toBe("PING 0 flags 1");
    expect(peer.connection.closed).toBe(false);
  });

  test.each([
    { name: "whole", size: 100 },
    { name: "byte by byte", size: 1 },
  ])("8.1.1 of a frame that is longer than content-length allows nothing is delivered: $name", ({ size }) => {
    const peer = new ClientPeer();
    const sent = join(headers(1, [...REQUEST, "content-length", "3"]), data(1, "abcd"));
    const answers = [];
    for (let at = 0; at < sent.length; at += size) answers.push(...shown(peer.send(sent.subarray(at, at + size))));
    expect(answers).toEqual([`RST_STREAM 1 ${PROTOCOL_ERROR}`]);
    expect(peer.streams[0]?.data).toBe("");
  });

  test("3.4 something else than the preface", () => {
    const peer = new ClientPeer({}, false);
    expect(shown(peer.send(Buffer.from("GET / HTTP/1.1\r\n\r\n"))).at(-1)).toMatch(/^GOAWAY 0 0 PROTOCOL_ERROR: \S/);
  });

  test("3.4 something else than SETTINGS behind the preface", () => {
    const peer = new ClientPeer({}, false);
    expect(shown(peer.send(PREFACE, ping())).at(-1)).toMatch(/^GOAWAY 0 0 PROTOCOL_ERROR: PING before SETTINGS$/);
  });

  test("5.1.2 streams over the announced number are refused, and not processed", () => {
    const peer = new ClientPeer({ maxConcurrentStreams: 1 });
    expect(shown(peer.send(open, headers(3, REQUEST)))).toEqual(["RST_STREAM 3 7"]);
    expect(peer.streams).toHaveLength(1);
  });

  test("the same bytes in any pieces mean the same", () => {
    const all = join(
      open,
      data(1, "hello"),
      frame(0, PADDED, 1, bytes(3, 65, 66, 0, 0, 0)),
      frame(1, 0, 3, block(REQUEST).subarray(0, 7)),
      frame(9, END_HEADERS, 3, block(REQUEST).subarray(7)),
      ping(),
      headers(1, TRAILERS, END_STREAM),
    );
    const events = (size: number) => {
      const peer = new ClientPeer();
      for (let at = 0; at < all.length; at += size) peer.connection.receive(all.slice(at, at + size));
      return [...peer.streams.map((stream) => [stream.events, stream.data]), shown(peer.output())];
    };
    const whole = events(all.length);
    expect(whole[0]).toEqual([[`request ${REQUEST.join(" ")}`, `headers ${TRAILERS.join(" ")} END`], "helloAB"]);
    for (let size = 1; size < 40; size++) expect(events(size)).toEqual(whole);
  });
});
