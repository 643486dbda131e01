import { expect, it } from "vitest";
import { Metadata } from "../../src/runtime/core/metadata.js";
import { isGrpcContentType } from "../../src/runtime/transport/http2/response-headers.js";
import { putMetadata, readMetadata } from "../../src/runtime/wire/metadata-headers.js";

it("sends binary metadata without padding, several values too, and reads both", () => {
  const metadata = new Metadata();
  metadata.add("one-bin", Buffer.from([1]));
  metadata.add("two-bin", Buffer.from([1, 2]));
  metadata.add("two-bin", Buffer.from([3]));
  metadata.add("text", "a==");
  const headers = {};
  putMetadata(metadata, headers);
  expect(headers).toEqual({ "one-bin": "AQ", "two-bin": ["AQI", "Aw"], text: "a==" });
  expect(readMetadata({ "x-bin": "AQ==,Aw" }, undefined).get("x-bin")).toEqual([Buffer.from([1]), Buffer.from([3])]);
});

it.each([
  ["application/grpc", true],
  ["application/grpc+proto", true],
  ["application/grpc;charset=utf-8", true],
  ["application/grpc+json", false],
  ["application/grpc-web", false],
  ["application/grpcfoo", false],
  [undefined, false],
])("takes content-type %s: %s", (value, expected) => {
  expect(isGrpcContentType(value)).toBe(expected);
});
