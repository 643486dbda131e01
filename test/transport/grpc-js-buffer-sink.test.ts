import { create, fromBinary } from "@bufbuild/protobuf";
import { BytesValueSchema, ListValueSchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { es } from "../../src/runtime/codec-es.js";
import { BufferSink } from "../../src/runtime/transport/grpc-js/buffer-sink.js";

test("messages of any size, one behind the other, in one sink", () => {
  const sink = new BufferSink();
  const sizes = [0, 10, 8_000, 8_000, 500, 16_384, 65_536, 1, 200_000, 3];
  const encoded = sizes.map((size) => sink.encode(es(BytesValueSchema), { value: new Uint8Array(size).fill(size) }));
  const decoded = encoded.map((bytes) => fromBinary(BytesValueSchema, new Uint8Array(bytes)).value);
  expect(decoded).toEqual(sizes.map((size) => new Uint8Array(size).fill(size)));
});

test("a length in front of a nested message that makes the buffer grow", () => {
  const sink = new BufferSink();
  sink.encode(es(BytesValueSchema), { value: new Uint8Array(9_000) });
  const texts = Array.from({ length: 300 }, (_, index) => "x".repeat(index));
  const list = create(ListValueSchema, {
    values: [
      {
        kind: {
          case: "listValue",
          value: create(ListValueSchema, {
            values: texts.map((value) => ({ kind: { case: "stringValue" as const, value } })),
          }),
        },
      },
    ],
  });
  expect(fromBinary(ListValueSchema, sink.encode(es(ListValueSchema), list))).toEqual(list);
});
