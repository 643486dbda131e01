import { describe, expect, test } from "vitest";
import { statusObject } from "../../src/runtime/core/rpc-error.js";
import { errorCodeName } from "../../src/runtime/h2/errors.js";
import { Metadata, status } from "../../src/runtime/index.js";
import {
  codeAtDeadline,
  codeOfBrokenAnswer,
  codeOfClientReset,
  statusAtDeadline,
  statusOfBrokenAnswer,
} from "../../src/runtime/wire/deadline-code.js";
import { decodeGrpcMessage, encodeGrpcMessage } from "../../src/runtime/wire/grpc-message.js";
import { formatTimeout, parseTimeout } from "../../src/runtime/wire/grpc-timeout.js";
import { headersSize, headerValue, putMetadata, readMetadata } from "../../src/runtime/wire/metadata-headers.js";
import { parseGrpcStatus, statusOfHttp, statusOfReset } from "../../src/runtime/wire/status-mapping.js";

describe("grpc-timeout (gRPC over HTTP/2, Timeout)", () => {
  test.each([
    [-1, "0m"],
    [0, "0m"],
    [0.2, "1m"],
    [1, "1m"],
    [1.000_1, "2m"],
    [99_999_999, "99999999m"],
    [100_000_000, "100000S"],
    [100_000_001, "100001S"],
    [99_999_999_000, "99999999S"],
    [100_000_000_000, "27778H"],
    [Number.MAX_SAFE_INTEGER, "99999999H"],
  ])("%d ms is sent as %s", (ms, header) => {
    expect(formatTimeout(ms)).toBe(header);
  });

  test.each([
    ["1H", 3_600_000],
    ["2M", 120_000],
    ["3S", 3_000],
    ["4m", 4],
    ["5000u", 5],
    ["6000000n", 6],
    ["0n", 0],
    ["99999999H", 99_999_999 * 3_600_000],
  ])("%s is %d ms", (header, ms) => {
    expect(parseTimeout(header)).toBeCloseTo(ms, 9);
  });

  test.each(["", "5", "S", "-1S", "1.5S", "123456789S", "1s", "1 S", " 1S", "1S ", "1SS"])(
    "%j is malformed",
    (header) => {
      expect(parseTimeout(header)).toBeUndefined();
    },
  );
});

describe("grpc-message (gRPC over HTTP/2, Status-Message)", () => {
  test.each([
    ["plain text ~", "plain text ~"],
    ["100 %", "100 %25"],
    ["€", "%E2%82%AC"],
    ["\n\t\u007f", "%0A%09%7F"],
    ["😀", "%F0%9F%98%80"],
    ["", ""],
  ])("%j is sent as %s, and read again", (text, header) => {
    expect(encodeGrpcMessage(text)).toBe(header);
    expect(decodeGrpcMessage(header)).toBe(text);
  });

  test("a surrogate without its pair becomes U+FFFD", () => {
    expect(encodeGrpcMessage("a\ud800b")).toBe("a%EF%BF%BDb");
  });

  test.each([
    ["%", "%"],
    ["%zz", "%zz"],
    ["%4", "%4"],
    ["a%41%", "aA%"],
    ["%ff", "\ufffd"],
    ["%e2%82%ac", "€"],
  ])("%s is read as %j: an escape that is none stays", (header, text) => {
    expect(decodeGrpcMessage(header)).toBe(text);
  });

  test("a text over the limit is cut between characters, and says so", () => {
    expect(encodeGrpcMessage("x".repeat(40), 40)).toBe("x".repeat(40));
    expect(encodeGrpcMessage("x".repeat(41), 40)).toBe(`${"x".repeat(31)}... (cut)`);
    const cut = encodeGrpcMessage("€".repeat(20), 40);
    expect(cut).toBe(`${"%E2%82%AC".repeat(3)}... (cut)`);
    expect(encodeGrpcMessage("x".repeat(1_000_000)).length).toBe(16 * 1024);
    expect(encodeGrpcMessage("long", 3)).toBe("");
  });
});

describe("codes", () => {
  test.each([
    [400, status.INTERNAL],
    [401, status.UNAUTHENTICATED],
    [403, status.PERMISSION_DENIED],
    [404, status.UNIMPLEMENTED],
    [429, status.UNAVAILABLE],
    [502, status.UNAVAILABLE],
    [503, status.UNAVAILABLE],
    [504, status.UNAVAILABLE],
    [100, status.UNKNOWN],
    [200, status.UNKNOWN],
    [402, status.UNKNOWN],
    [428, status.UNKNOWN],
    [500, status.UNKNOWN],
    [501, status.UNKNOWN],
    [505, status.UNKNOWN],
  ])("HTTP status %d is %d (HTTP to gRPC status code mapping)", (http, code) => {
    expect(statusOfHttp(http)).toBe(code);
  });

  test.each([
    [0, "NO_ERROR", status.INTERNAL],
    [1, "PROTOCOL_ERROR", status.INTERNAL],
    [2, "INTERNAL_ERROR", status.INTERNAL],
    [3, "FLOW_CONTROL_ERROR", status.INTERNAL],
    [4, "SETTINGS_TIMEOUT", status.INTERNAL],
    [5, "STREAM_CLOSED", status.INTERNAL],
    [6, "FRAME_SIZE_ERROR", status.INTERNAL],
    [7, "REFUSED_STREAM", status.UNAVAILABLE],
    [8, "CANCEL", status.CANCELLED],
    [9, "COMPRESSION_ERROR", status.INTERNAL],
    [10, "CONNECT_ERROR", status.INTERNAL],
    [11, "ENHANCE_YOUR_CALM", status.RESOURCE_EXHAUSTED],
    [12, "INADEQUATE_SECURITY", status.PERMISSION_DENIED],
    [13, "HTTP_1_1_REQUIRED", status.INTERNAL],
    [14, "error code 0xe", status.INTERNAL],
    [99, "error code 0x63", status.INTERNAL],
  ])("a reset with %d is %s, and its call's status %d", (code, name, expected) => {
    expect(errorCodeName(code)).toBe(name);
    expect(statusOfReset(code)).toBe(expected);
  });

  test.each([
    ["0", 0],
    ["16", 16],
    ["05", 5],
    ["000", undefined],
    ["005", undefined],
    ["1 ", undefined],
    [" 1", undefined],
    ["1\n", undefined],
    ["1x", undefined],
    ["x1", undefined],
    ["undefined", undefined],
    ["17", undefined],
    ["99", undefined],
    ["-1", undefined],
    ["1.0", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("grpc-status %j is read as %j", (header, code) => {
    expect(parseGrpcStatus(header)).toBe(code);
  });

  test.each([
    [11, status.CANCELLED],
    [10, status.DEADLINE_EXCEEDED],
    [-5, status.DEADLINE_EXCEEDED],
  ])("a server's cancel %d ms before the deadline is %d", (left, code) => {
    expect(codeAtDeadline(status.CANCELLED, 1_000, 1_000 - left)).toBe(code);
    const unavailable = code === status.CANCELLED ? status.UNAVAILABLE : code;
    expect(codeAtDeadline(status.UNAVAILABLE, 1_000, 1_000 - left)).toBe(unavailable);
    expect(codeAtDeadline(status.ABORTED, 1_000, 1_000 - left)).toBe(status.ABORTED);
  });

  test.each([
    [11, status.INTERNAL],
    [10, status.DEADLINE_EXCEEDED],
    [-5, status.DEADLINE_EXCEEDED],
  ])("an answer that breaks off %d ms before the deadline is %d, whatever the proxy made of it", (left, code) => {
    expect(codeOfBrokenAnswer(status.INTERNAL, 1_000, 1_000 - left)).toBe(code);
    expect(codeOfBrokenAnswer(status.INTERNAL, Number.POSITIVE_INFINITY, 0)).toBe(status.INTERNAL);
  });

  test("a status of another code at the deadline says so before its own words, and keeps its trailers", () => {
    const reset = statusObject(status.UNAVAILABLE, "network error");
    const broken = statusOfBrokenAnswer(reset, 1_000, 1_000);
    expect(broken).toMatchObject({ code: status.DEADLINE_EXCEEDED, details: "deadline exceeded: network error" });
    expect(broken.metadata).toBe(reset.metadata);
    expect(statusAtDeadline(statusObject(status.CANCELLED, ""), 1_000, 1_000).details).toBe("deadline exceeded");
    const own = statusObject(status.DEADLINE_EXCEEDED, "the server's");
    expect(statusAtDeadline(own, 1_000, 1_000)).toBe(own);
    expect(statusOfBrokenAnswer(own, 1_000, 1_000)).toBe(own);
    expect(statusOfBrokenAnswer(reset, 1_000, 900)).toBe(reset);
  });

  test.each([
    [51, status.CANCELLED],
    [50, status.DEADLINE_EXCEEDED],
    [-1, status.DEADLINE_EXCEEDED],
  ])("a client's reset %d ms before the deadline is %d", (left, code) => {
    expect(codeOfClientReset(1_000, 1_000 - left)).toBe(code);
    expect(codeOfClientReset(Number.POSITIVE_INFINITY, 0)).toBe(status.CANCELLED);
  });
});

describe("metadata and headers", () => {
  test("names of the protocol are neither sent nor shown, but for the user agent", () => {
    const metadata = new Metadata();
    for (const key of ["te", "grpc-status", "user-agent", "host", "x-a"]) metadata.set(key, "v");
    const headers: string[] = [];
    putMetadata(metadata, headers);
    expect(headers).toEqual(["x-a", "v"]);
    const read = readMetadata([":path", "/x", "te", "trailers", "user-agent", "grpc-go/1", "x-a", "1", "x-a", "2"]);
    expect(read.toHttp2Headers()).toEqual({ "user-agent": "grpc-go/1", "x-a": ["1", "2"] });
  });

  test("each value is a header of its own, bytes without padding", () => {
    const metadata = new Metadata();
    metadata.add("x-bin", new Uint8Array([1]));
    metadata.add("x-bin", new Uint8Array([1, 2]));
    const headers: string[] = [];
    putMetadata(metadata, headers);
    expect(headers).toEqual(["x-bin", "AQ", "x-bin", "AQI"]);
    expect(
      readMetadata(headers)
        .get("x-bin")
        .map((value) => value.length),
    ).toEqual([1, 2]);
  });

  test("a size counts 32 bytes for each header (RFC 9113, section 6.5.2)", () => {
    expect(headersSize([])).toBe(0);
    expect(headersSize(["a", "bc", "d", ""])).toBe(1 + 2 + 32 + 1 + 32);
  });

  test("a header that comes twice has no value", () => {
    expect(headerValue(["a", "1", "b", "2"], "b")).toBe("2");
    expect(headerValue(["b", "a"], "a")).toBeUndefined();
    expect(headerValue(["a", "1", "a", "1"], "a")).toBeUndefined();
  });
});
