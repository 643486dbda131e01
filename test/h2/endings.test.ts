import { expect, test } from "vitest";
import { byteStreamEnded, closedHere, closedThere, faultOf } from "../../src/runtime/h2/connection/endings.js";
import { ownSettings } from "../../src/runtime/h2/connection/own-settings.js";
import * as ErrorCode from "../../src/runtime/h2/error-code.js";
import { ConnectionError } from "../../src/runtime/h2/errors.js";
import { resolveOptions } from "../../src/runtime/h2/options.js";

test.each([
  [ErrorCode.NO_ERROR, "", "NO_ERROR"],
  [ErrorCode.NO_ERROR, "max_age", "NO_ERROR: max_age"],
  [ErrorCode.ENHANCE_YOUR_CALM, "too_many_pings", "ENHANCE_YOUR_CALM: too_many_pings"],
  [0x99, "", "error code 0x99"],
])("a connection that is closed here with %i %j ends with %j", (code, debug, message) => {
  const error = closedHere(code, debug);
  expect(error).toMatchObject({ code, message, origin: "local" });
  expect("cause" in error).toBe(false);
  const cause = new Error("why");
  expect(closedHere(code, debug, cause).cause).toBe(cause);
});

test.each([
  [ErrorCode.PROTOCOL_ERROR, "", "the peer said GOAWAY PROTOCOL_ERROR"],
  [ErrorCode.ENHANCE_YOUR_CALM, "too_many_pings", "the peer said GOAWAY ENHANCE_YOUR_CALM: too_many_pings"],
])("a connection that the peer ends with %i %j ends with %j", (code, debug, message) => {
  expect(closedThere(code, debug)).toMatchObject({ code, message, origin: "remote" });
});

test("a byte stream that ends says so; one that breaks says why", () => {
  const ended = byteStreamEnded(undefined);
  expect(ended).toMatchObject({ code: 0, message: "the peer closed the byte stream", origin: "transport" });
  expect("cause" in ended).toBe(false);
  const broken = new Error("read ECONNRESET");
  expect(byteStreamEnded(broken)).toMatchObject({
    code: 0,
    message: broken.message,
    origin: "transport",
    cause: broken,
  });
});

test("a fault of the peer's stays as it is; anything else is ours, and its text is not told", () => {
  const fault = new ConnectionError(ErrorCode.PROTOCOL_ERROR, "DATA on stream 0", "local");
  expect(faultOf(fault)).toBe(fault);
  for (const thrown of [new TypeError("password=1"), "text", undefined]) {
    const bug = faultOf(thrown);
    expect(bug).toMatchObject({ code: ErrorCode.INTERNAL_ERROR, message: "a handler threw", origin: "local" });
    expect(bug.cause).toBe(thrown);
  }
});

test("a client limits no streams and offers no CONNECT; a server says what its options say", () => {
  const options = resolveOptions({
    maxConcurrentStreams: 7,
    enableConnectProtocol: true,
    headerTableSize: 100,
    initialWindowSize: 200,
    maxFrameSize: 20_000,
    limits: { maxHeaderListSize: 300 },
  });
  const both = {
    headerTableSize: 100,
    enablePush: false,
    initialWindowSize: 200,
    maxFrameSize: 20_000,
    maxHeaderListSize: 300,
  };
  expect(ownSettings(options, false)).toEqual({ ...both, maxConcurrentStreams: 7, enableConnectProtocol: true });
  const unlimited = Number.POSITIVE_INFINITY;
  expect(ownSettings(options, true)).toEqual({
    ...both,
    maxConcurrentStreams: unlimited,
    enableConnectProtocol: false,
  });
});
