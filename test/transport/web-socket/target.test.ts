import { describe, expect, test } from "vitest";
import { parseWebSocketUrl } from "../../../src/runtime/transport/web-socket/client/target.js";
import { closeReason, textOfClose } from "../../../src/runtime/transport/web-socket/close-codes.js";
import { webSocketChannel } from "../../../src/runtime/web-socket.js";

describe("where a WebSocket goes", () => {
  test.each([
    ["wss://api.example.com/grpc", "wss://api.example.com/grpc"],
    ["ws://127.0.0.1:8080/grpc?zone=a", "ws://127.0.0.1:8080/grpc?zone=a"],
    ["https://api.example.com/grpc", "wss://api.example.com/grpc"],
    ["http://localhost:8080", "ws://localhost:8080/"],
    [new URL("wss://api.example.com/grpc"), "wss://api.example.com/grpc"],
  ])("%s", (given, url) => {
    expect(parseWebSocketUrl(given).href).toBe(url);
  });

  test.each([
    ["/grpc", "a path alone has a meaning in a page only"],
    ["api.example.com", "it is no URL"],
    ["ftp://api.example.com", 'unknown scheme "ftp:"'],
    ["wss://me:secret@api.example.com", "user and password cannot be part of it"],
    ["wss://api.example.com/#part", "a fragment has no meaning in it"],
  ])("%s: %s", (given, reason) => {
    expect(() => parseWebSocketUrl(given)).toThrow(
      `cannot connect to "${given}": ${reason}; expected wss://host/path or ws://host/path`,
    );
  });
});

describe("what a channel refuses to be told", () => {
  class Never {
    constructor() {
      throw new Error("nobody calls");
    }
  }
  const webSocket = Never as never; // it is never made

  test.each([
    [{ tls: {} }, "a WebSocket channel takes no tls"],
    [{ windowBytes: 1 }, 'a WebSocket channel knows no option "windowBytes"; it takes maxReceiveMessageBytes'],
    [{ userAgent: "\n" }, "userAgent must be printable ASCII"],
  ])("%j", (options, text) => {
    expect(() => webSocketChannel("ws://localhost", { webSocket, ...options })).toThrow(text);
  });

  test.runIf(globalThis.WebSocket === undefined)("a platform without WebSocket is named, and what helps", () => {
    expect(() => webSocketChannel("ws://localhost")).toThrow('give one, { webSocket: WebSocket } of the package "ws"');
  });
});

/** RFC 6455, sections 5.5.1 and 7.4. */
describe("close codes", () => {
  test.each([
    [1000, "", undefined],
    [1005, "", undefined],
    [1000, "bye", undefined],
    [1001, "", "the server is going away (WebSocket close code 1001)"],
    [1006, "", "the connection was lost, or there is no WebSocket at this address (WebSocket close code 1006)"],
    [4403, "pages of x may not connect", "pages of x may not connect (WebSocket close code 4403)"],
    [4999, "", "the WebSocket was closed (WebSocket close code 4999)"],
  ])("%i %s", (code, reason, text) => {
    expect(textOfClose(code, reason)).toBe(text);
  });

  test("a reason is at most 123 bytes of ASCII", () => {
    expect(closeReason("a".repeat(200))).toHaveLength(123);
    expect(closeReason("größer\n")).toBe("gr??er?");
  });
});
