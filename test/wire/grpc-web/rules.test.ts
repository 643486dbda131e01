import { describe, expect, test } from "vitest";
import { encodeText, TextDecoding } from "../../../src/runtime/wire/grpc-web/base64-text.js";
import { grpcWebContentType, parseGrpcWebContentType } from "../../../src/runtime/wire/grpc-web/content-type.js";
import { decodeTrailers, encodeTrailers } from "../../../src/runtime/wire/grpc-web/trailers-frame.js";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const utf8 = (given: string) => new TextEncoder().encode(given);

test.each([
  ["application/grpc-web", { format: "proto", text: false }],
  ["application/grpc-web+proto", { format: "proto", text: false }],
  ["application/grpc-web+json", { format: "json", text: false }],
  ["application/grpc-web-text", { format: "proto", text: true }],
  ["Application/gRPC-Web-Text+proto; charset=x", { format: "proto", text: true }],
  ["application/grpc", undefined],
  ["application/grpc-webby", undefined],
  ["application/grpc-web+thrift", undefined],
  [undefined, undefined],
] as const)("the content type %s", (value, content) => {
  expect(parseGrpcWebContentType(value)).toEqual(content);
  if (content !== undefined) expect(parseGrpcWebContentType(grpcWebContentType(content))).toEqual(content);
});

test("trailers are lines of HTTP/1", () => {
  const trailers = ["grpc-status", "0", "x-a", "1: 2", "x-a", "3"];
  expect(text(encodeTrailers(trailers))).toBe("grpc-status: 0\r\nx-a: 1: 2\r\nx-a: 3\r\n");
  expect(decodeTrailers(encodeTrailers(trailers))).toEqual(trailers);
  expect(decodeTrailers(utf8("Grpc-Status:5\nnonsense\r\n:x\r\ngrpc-message:  no \r\n"))).toEqual([
    "grpc-status",
    "5",
    "grpc-message",
    "no",
  ]);
  expect(decodeTrailers(new Uint8Array(0))).toEqual([]);
});

describe("bodies as text", () => {
  const pieces = [[0], [1, 2], [3, 4, 5], [], [250, 251, 252, 253]].map((one) => Uint8Array.from(one));
  const whole = pieces.map((piece) => text(encodeText(piece))).join("");

  test("each piece is padded", () => {
    expect(whole).toBe("AA==AQI=AwQF+vv8/Q==");
  });

  test.each([1, 2, 3, 4, 5, 7, 100])("pieces of %i characters are decoded", (size) => {
    const decoding = new TextDecoding();
    const out: number[] = [];
    for (let at = 0; at < whole.length; at += size) out.push(...decoding.decode(utf8(whole.slice(at, at + size))));
    expect(out).toEqual(pieces.flatMap((piece) => [...piece]));
    expect(decoding.truncated).toBe(false);
  });

  test("what is not base64 is seen, and nothing behind it is decoded", () => {
    const decoding = new TextDecoding();
    expect(decoding.decode(utf8("AAEC"))).toHaveLength(3);
    expect(decoding.malformed).toBe(false);
    expect(decoding.decode(utf8("AA*CAAEC"))).toHaveLength(0);
    expect(decoding.decode(utf8("AAEC"))).toHaveLength(0);
    expect(decoding.malformed).toBe(true);
  });

  test("an end within a group is seen", () => {
    const decoding = new TextDecoding();
    expect(decoding.decode(utf8("AAA"))).toHaveLength(0);
    expect(decoding.truncated).toBe(true);
  });
});
