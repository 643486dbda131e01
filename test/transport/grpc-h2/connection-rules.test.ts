import { describe, expect, test } from "vitest";
import { ErrorCode } from "../../../src/runtime/h2/index.js";
import { Doubts } from "../../../src/runtime/transport/grpc-h2/client/doubts.js";
import { Loss } from "../../../src/runtime/transport/grpc-h2/client/loss.js";
import { headerLimitOwner, maxSendHeaderBytes } from "../../../src/runtime/transport/grpc-h2/header-limit.js";
import { overPlainSocket, overSocket } from "../../../src/runtime/transport/grpc-h2/node/foreign-servers.js";

describe("whether a server is asked, out of turn, if it is there", () => {
  test("not where something was heard since the call began", () => {
    const doubts = new Doubts();
    expect([doubts.asks(100, 100), doubts.asks(100, 101)]).toEqual([false, false]);
    // They did not count.
    expect([doubts.asks(200, 101), doubts.asks(200, 101), doubts.asks(200, 101)]).toEqual([true, true, false]);
  });

  test("twice, and not again until something is heard", () => {
    const doubts = new Doubts();
    expect([1, 2, 3, 4].map((call) => doubts.asks(100 + call, 50))).toEqual([true, true, false, false]);
    expect([1, 2, 3].map((call) => doubts.asks(300 + call, 200))).toEqual([true, true, false]);
  });
});

describe("why a connection is gone", () => {
  const bytes = (text: string) => Buffer.from(text, "latin1");

  test("nothing is known at first", () => {
    const loss = new Loss();
    expect(loss).toMatchObject({ reason: undefined, silent: true });
  });

  test("what was learnt first counts", () => {
    const noted = new Loss();
    noted.note("no connection within 80 ms");
    noted.note("the connection was closed");
    expect(noted.reason).toBe("no connection within 80 ms");
    const loss = new Loss();
    loss.goaway(ErrorCode.ENHANCE_YOUR_CALM, "too_many_pings");
    loss.note("the connection was closed");
    loss.hungUp(new Error("read ECONNRESET"), overPlainSocket);
    loss.firstBytes(bytes("HTTP/1.1 400 Bad Request\r\n"), overPlainSocket);
    loss.goaway(ErrorCode.PROTOCOL_ERROR, "");
    expect(loss.reason).toBe('the server said GOAWAY, ENHANCE_YOUR_CALM: "too_many_pings"');
  });

  test.each([
    [ErrorCode.NO_ERROR, "max_age", undefined],
    [ErrorCode.PROTOCOL_ERROR, "", "the server said GOAWAY, PROTOCOL_ERROR"],
    [0x99, "", "the server said GOAWAY, error code 0x99"],
    [ErrorCode.INTERNAL_ERROR, 'a "b"\u001b', 'the server said GOAWAY, INTERNAL_ERROR: "a \\"b\\"\\u001b"'],
    [ErrorCode.INTERNAL_ERROR, "x".repeat(201), `the server said GOAWAY, INTERNAL_ERROR: "${"x".repeat(200)}"`],
  ])("GOAWAY %i %j", (code, debug, reason) => {
    const loss = new Loss();
    loss.goaway(code, debug);
    expect(loss.reason).toBe(reason);
  });

  test("first bytes tell only where they are no HTTP/2", () => {
    const http1 = new Loss();
    http1.firstBytes(bytes("HTTP/1.1 400 Bad Request\r\n"), overSocket);
    expect(http1.reason).toContain("HTTP/1.1 400 Bad Request");
    const http2 = new Loss();
    http2.firstBytes(Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0), overSocket);
    expect(http2).toMatchObject({ reason: undefined, silent: false });
  });

  test.each([
    ["before a word, plain", true, overPlainSocket, undefined, /hung up before .* speaks TLS/],
    ["before a word, over TLS", true, overSocket, undefined, /^the server hung up before it said anything$/],
    ["before a word, with an error", true, overSocket, new Error("bad cert"), /^bad cert$/],
    ["before a word, over a WebSocket", true, undefined, undefined, /^the server hung up before it said anything$/],
    ["before a word, over a WebSocket, with an error", true, undefined, new Error("gone"), /^gone$/],
    ["later, with an error", false, overPlainSocket, new Error("read ECONNRESET"), /^read ECONNRESET$/],
  ])("a server that hung up %s", (_, silent, foreign, error, reason) => {
    const loss = new Loss();
    if (!silent) loss.firstBytes(Uint8Array.of(0), foreign);
    loss.hungUp(error, foreign);
    expect(loss.reason).toMatch(reason);
  });

  test("a server that hung up later, without an error, told nothing", () => {
    const loss = new Loss();
    loss.firstBytes(Uint8Array.of(0), overPlainSocket);
    loss.hungUp(undefined, overPlainSocket);
    expect(loss.reason).toBeUndefined();
  });
});

test.each([
  [100, 200, 100, "(the server's SETTINGS_MAX_HEADER_LIST_SIZE)"],
  [200, 200, 200, "(the server's SETTINGS_MAX_HEADER_LIST_SIZE)"],
  [201, 200, 200, "(maxMetadataBytes)"],
  [Number.POSITIVE_INFINITY, 200, 200, "(maxMetadataBytes)"],
])("of the peer's limit of headers, %d, and ours, %d, the smaller counts", (peers, own, limit, owner) => {
  expect(maxSendHeaderBytes(peers, own)).toBe(limit);
  expect(headerLimitOwner(peers, own, "server")).toBe(owner);
  expect(headerLimitOwner(peers, own, "client")).toBe(owner.replace("server", "client"));
});
