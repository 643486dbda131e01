import { create, toBinary } from "@bufbuild/protobuf";
import { AnySchema, anyPack, BytesValueSchema } from "@bufbuild/protobuf/wkt";
import { ErrorInfoSchema, RetryInfoSchema } from "gen-stubs-runtime/errors";
import { describe, expect, test } from "vitest";
import { DETAILS_KEY, encodeRetryInfo } from "../../src/runtime/core/error-details.js";
import { fieldsOf, varintOf } from "../../src/runtime/core/proto-fields.js";
import { retryDelayMs } from "../../src/runtime/core/retry-info.js";
import { Metadata, RpcError, status } from "../../src/runtime/index.js";

function trailer(...values: (Uint8Array | string)[]): Metadata {
  const metadata = new Metadata();
  for (const value of values) metadata.add(DETAILS_KEY, value as Uint8Array);
  return metadata;
}

const info = (seconds: bigint, nanos = 0) => [RetryInfoSchema, { retryDelay: { seconds, nanos } }] as const;
const of = (...details: (readonly [never, unknown] | readonly unknown[])[]) =>
  new RpcError(status.UNAVAILABLE, "later", { details: details as never }).metadata;

describe("the delay of a RetryInfo", () => {
  test.each([
    ["whole seconds", of(info(2n)), 2_000],
    ["nanoseconds", of(info(0n, 7_500_000)), 7.5],
    ["both", of(info(1n, 500_000_000)), 1_500],
    ["none at all: at once", of(info(0n)), 0],
    ["the longest", of(info(315_576_000_000n)), 315_576_000_000_000],
    ["behind other details", of([ErrorInfoSchema, { reason: "BUSY" }], info(3n)), 3_000],
    ["the first of two", of(info(1n), info(2n)), 1_000],
    ["the first that is no nonsense", of(info(-1n), info(2n)), 2_000],
    ["by hand", trailer(encodeRetryInfo(8, "busy", 1_234)), 1_234],
    ["in the second of two trailers", trailer(encodeRetryInfo(8, "", 5), encodeRetryInfo(8, "", 6)), 5],
  ])("%s", (_, metadata, ms) => {
    expect(retryDelayMs(metadata)).toBe(ms);
  });

  test.each([
    ["no trailer", new Metadata()],
    ["other details", of([ErrorInfoSchema, { reason: "BUSY" }])],
    ["a negative delay", of(info(-2n))],
    ["negative nanoseconds", of(info(0n, -1))],
    ["a RetryInfo without a delay", of([RetryInfoSchema, {}])],
    ["bytes that are no message", trailer(new Uint8Array([0x1a, 0xff, 0xff]))],
    ["an endless varint", trailer(new Uint8Array(20).fill(0x80))],
  ])("there is none in %s", (_, metadata) => {
    expect(retryDelayMs(metadata)).toBeUndefined();
  });

  test("a type of the same name under another address is one", () => {
    const any = create(AnySchema, anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay: { seconds: 4n } })));
    any.typeUrl = "example.com/types/google.rpc.RetryInfo";
    const bytes = toBinary(AnySchema, any);
    expect(retryDelayMs(trailer(new Uint8Array([0x1a, bytes.length, ...bytes])))).toBe(4_000);
  });
});

describe("single fields", () => {
  test("of their number and kind alone; the last varint counts", () => {
    const message = [
      0x08, 1, 0x10, 5, 0x10, 6, 0x1a, 2, 9, 9, 0x1a, 1, 7, 0x21, 1, 2, 3, 4, 5, 6, 7, 8, 0x2d, 1, 2, 3, 4, 0x18, 3,
    ];
    const bytes = new Uint8Array(message);
    expect([1, 2, 3, 4, 5, 6].map((number) => varintOf(bytes, number))).toEqual([
      1,
      6,
      3,
      undefined,
      undefined,
      undefined,
    ]);
    expect(fieldsOf(bytes, 3).map((field) => [...field])).toEqual([[9, 9], [7]]);
    expect(fieldsOf(bytes, 2)).toEqual([]);
  });

  test.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 53 - 1])("a varint of %d", (value) => {
    const bytes: number[] = [];
    for (let rest = BigInt(value); ; rest >>= 7n) {
      if (rest < 128n) {
        bytes.push(Number(rest));
        break;
      }
      bytes.push(Number(rest & 127n) | 128);
    }
    expect(varintOf(new Uint8Array([8, ...bytes]), 1)).toBe(value);
  });

  test("end where the bytes are no message", () => {
    const start = toBinary(BytesValueSchema, create(BytesValueSchema, { value: new Uint8Array([1]) }));
    for (const end of [[0x0a, 5, 1], [0x0b, 1], [0x0a]]) {
      expect(fieldsOf(new Uint8Array([...start, ...end]), 1).length).toBe(1);
    }
  });
});
