import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { AnySchema, DurationSchema, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { BadRequestSchema, RetryInfoSchema } from "../../src/runtime/errors.js";
import { Metadata, RpcError, status } from "../../src/runtime/index.js";

const fieldViolations = [{ field: "name", description: "a place needs a name" }];

test("details are found again by their type, all of them", () => {
  const details = [
    [BadRequestSchema, { fieldViolations }],
    [RetryInfoSchema, { retryDelay: { seconds: 3n } }],
    [StringValueSchema, { value: "a" }],
    [StringValueSchema, { value: "b" }],
  ] as const;
  const error = new RpcError(status.INVALID_ARGUMENT, "bad", { details });
  expect(error.findDetails(BadRequestSchema)[0]?.fieldViolations[0]?.field).toBe("name");
  expect(error.findDetails(RetryInfoSchema)[0]?.retryDelay?.seconds).toBe(3n);
  expect(error.findDetails(StringValueSchema).map(({ value }) => value)).toEqual(["a", "b"]);
  expect(error.findDetails(DurationSchema)).toEqual([]);
});

test("they travel as google.rpc.Status: code, text, and an Any for each", () => {
  const error = new RpcError(status.NOT_FOUND, "nichts da: ü", { details: [[BadRequestSchema, { fieldViolations }]] });
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  const any = toBinary(
    AnySchema,
    create(AnySchema, {
      typeUrl: "type.googleapis.com/google.rpc.BadRequest",
      value: toBinary(BadRequestSchema, create(BadRequestSchema, { fieldViolations })),
    }),
  );
  const text = Buffer.from("nichts da: ü");
  expect(Buffer.from(bytes as Uint8Array)).toEqual(
    Buffer.concat([
      Buffer.from([0x08, status.NOT_FOUND, 0x12, text.length]),
      text,
      Buffer.from([0x1a, any.length]),
      any,
    ]),
  );
  expect(fromBinary(AnySchema, any).typeUrl).toContain("google.rpc.BadRequest");
});

test("a large detail has a length of several bytes", () => {
  const value = "x".repeat(100_000);
  const error = new RpcError(status.INTERNAL, "", { details: [[StringValueSchema, { value }]] });
  expect(error.findDetails(StringValueSchema)[0]?.value).toBe(value);
});

test.each([
  ["nothing", []],
  ["no protobuf", [0xff, 0xff, 0xff]],
  ["a length past the end", [0x1a, 0x7f, 1]],
  ["an Any without a type", [0x1a, 2, 0x12, 0]],
  ["a varint without an end", new Array(20).fill(0xff)],
  [
    "a detail that is no message of its type",
    [0x1a, 44, 0x0a, 40, ...Buffer.from("type.googleapis.com/google.rpc.BadRequest").subarray(0, 40), 0x12, 0],
  ],
])("trailers of a peer that are malformed (%s) give no details, and no exception", (_, bytes) => {
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Uint8Array.from(bytes));
  expect(new RpcError(status.INTERNAL, "", { metadata }).findDetails(BadRequestSchema)).toEqual([]);
});
