import { describe, expect, test } from "vitest";
import { status } from "../../../src/runtime/index.js";
import {
  isInterim,
  responseEncoding,
  responseFault,
} from "../../../src/runtime/transport/grpc-h2/client/response-headers.js";
import { isGrpcContentType } from "../../../src/runtime/transport/grpc-h2/content-type.js";
import { overPlainSocket, overSocket } from "../../../src/runtime/transport/grpc-h2/node/foreign-servers.js";

test.each([
  ["application/grpc", true],
  ["application/grpc+proto", true],
  ["Application/gRPC;charset=utf-8", true],
  ["application/grpc+proto ; x=y", true],
  ["application/grpc ", true],
  ["application/grpc+json", false],
  ["application/grpc-web", false],
  ["application/grpc-web+proto", false],
  [" application/grpc+proto", false],
  ["text/application/grpc;", false],
  ["application/json", false],
  ["", false],
  [undefined, false],
])("content-type %j is gRPC's with protobuf: %s", (value, expected) => {
  expect(isGrpcContentType(value)).toBe(expected);
});

describe("what is no answer of gRPC (gRPC over HTTP/2, 'Responses'; http-grpc-status-mapping.md)", () => {
  const grpc = ["content-type", "application/grpc"];
  test.each<[headers: string[], code: status | undefined, details: string]>([
    [[":status", "200", ...grpc], undefined, ""],
    [[":status", "404", "content-type", "text/html", "grpc-status", "5"], undefined, ""],
    [[":status", "200", "content-type", "text/html", "grpc-status", "0"], undefined, ""],
    [[":status", "503", ...grpc], status.UNAVAILABLE, "the server answered with HTTP status 503"],
    [[":status", "404"], status.UNIMPLEMENTED, "the server answered with HTTP status 404"],
    [[":status", "200"], status.UNKNOWN, "the server answered with content-type (none), which is not gRPC's"],
    [
      [":status", "200", "content-type", "text/html", "grpc-status", "x"],
      status.UNKNOWN,
      "the server answered with content-type text/html, which is not gRPC's",
    ],
  ])("%j", (headers, code, details) => {
    const fault = responseFault(headers);
    expect(fault?.code).toBe(code);
    expect(fault?.details ?? "").toBe(details);
  });

  test.each([
    [[":status", "100"], true],
    [[":status", "103", "link", "x"], true],
    [[":status", "200"], false],
    [[":status", "1"], false],
    [[":status", "1000"], false],
    [[], false],
  ])("%j is interim: %s", (headers, expected) => {
    expect(isInterim(headers)).toBe(expected);
  });

  test.each([
    [[":status", "200"], "identity"],
    [[":status", "200", "grpc-encoding", "gzip"], "gzip"],
  ])("%j: messages are %s", (headers, encoding) => {
    expect(responseEncoding(headers)).toBe(encoding);
  });

  test("an encoding that nobody knows is INTERNAL, with its name", () => {
    expect(responseEncoding([":status", "200", "grpc-encoding", "zstd"])).toMatchObject({
      code: status.INTERNAL,
      details: "the server answers in an unknown grpc-encoding: zstd",
    });
  });
});

describe("what a server that does not speak HTTP/2 tells about itself", () => {
  const ascii = (text: string) => new TextEncoder().encode(text);
  const tls = "the server speaks TLS: connect with https://, or give tls";
  test.each<[what: string, first: Uint8Array, hint: string | undefined]>([
    ["a TLS alert", Uint8Array.of(0x15, 3, 3, 0, 2), tls],
    ["a TLS handshake", Uint8Array.of(0x16, 3, 1), tls],
    ["the type of an alert alone", Uint8Array.of(0x15, 2), undefined],
    ["another type of TLS", Uint8Array.of(0x17, 3, 3), undefined],
    [
      "HTTP/1",
      ascii("HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n"),
      'the server speaks HTTP/1, not HTTP/2; it answered "HTTP/1.1 400 Bad Request"',
    ],
    [
      "a long line",
      ascii(`HTTP/1.0 ${"x".repeat(100)}`),
      `the server speaks HTTP/1, not HTTP/2; it answered "HTTP/1.0 ${"x".repeat(55)}"`,
    ],
    ["something else that mentions it", ascii("an HTTP/1.1"), undefined],
    ["nothing", new Uint8Array(0), undefined],
  ])("%s", (_, first, hint) => {
    expect(overSocket.hintOf(first)).toBe(hint);
  });

  const SILENCE = "the server hung up before it said anything";
  test.each([
    [
      true,
      undefined,
      "the server hung up before it said anything: if it speaks TLS, connect with https://, or give tls",
    ],
    [
      true,
      new Error("reset"),
      "the server hung up before it said anything (reset): if it speaks TLS, connect with https://, or give tls",
    ],
    [false, undefined, "the server hung up before it said anything"],
    [false, new Error("reset"), "reset"],
  ])("silence (plain: %s, %s)", (plain, error, text) => {
    expect((plain ? overPlainSocket : overSocket).silenceOf(SILENCE, error)).toBe(text);
  });
});
