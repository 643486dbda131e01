import { create, toBinary } from "@bufbuild/protobuf";
import { DoubleValueSchema, FloatValueSchema, ListValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { ByteReader } from "../../src/runtime/codec/es/byte-reader.js";
import { ByteWriter } from "../../src/runtime/codec/es/byte-writer.js";
import { KEPT_BYTES } from "../../src/runtime/codec/es/kept-bytes.js";
import { unusual } from "../../src/runtime/codec/es/unusual.js";
import { es } from "../../src/runtime/codec-es.js";
import { FrameBuffer } from "../../src/runtime/wire/frame-buffer.js";
import { encoded } from "./support/sink.js";

/** More than are moved byte by byte: the later ones go through a view. */
const rounds = 20;
const doubles = [0, -0, 1.5, -1, 5e-324, -2.2250738585072014e-308, Number.MAX_VALUE, Infinity, -Infinity, Number.NaN];
const floats = [0, -0, 1.5, -1, 1.401298464324817e-45, 3.4028234663852886e38, Infinity, -Infinity, Number.NaN];

describe("numbers of several bytes are the same, whether they are moved byte by byte or at once", () => {
  test.each(doubles)("double %d", (value) => {
    const message = create(DoubleValueSchema, { value });
    const bytes = toBinary(DoubleValueSchema, message);
    const among = new Uint8Array(bytes.length + 20).fill(0xff);
    among.set(bytes, 10);
    const part = among.subarray(7); // a view that does not begin where its buffer does
    for (let i = 0; i < rounds; i++) {
      expect(encoded(es(DoubleValueSchema), message)).toStrictEqual(bytes);
      expect(es(DoubleValueSchema).decodePart!(part, 3, 3 + bytes.length).value).toBe(value);
    }
  });

  test.each(floats)("float %d", (value) => {
    const message = create(FloatValueSchema, { value });
    const bytes = toBinary(FloatValueSchema, message);
    const among = new Uint8Array(bytes.length + 20).fill(0xff);
    among.set(bytes, 10);
    for (let i = 0; i < rounds; i++) {
      expect(encoded(es(FloatValueSchema), message)).toStrictEqual(bytes);
      expect(es(FloatValueSchema).decodePart!(among, 10, 10 + bytes.length).value).toBe(value);
    }
  });

  test("many in one message, whose buffer grows meanwhile", () => {
    const values = Array.from({ length: 3_000 }, (_, i) => ({ kind: { case: "numberValue" as const, value: i / 3 } }));
    const message = create(ListValueSchema, { values });
    const bytes = toBinary(ListValueSchema, message);
    expect(encoded(es(ListValueSchema), message)).toStrictEqual(bytes);
    expect(es(ListValueSchema).decode(bytes)).toStrictEqual(message);
  });
});

test("a number that is cut off is not read on into what lies behind the message", () => {
  const input = new ByteReader();
  const bytes = new Uint8Array(400).fill(1);
  for (let i = 0; i < rounds; i++) {
    input.open(bytes, 10, 17);
    expect(() => input.double()).toThrow(unusual);
    input.open(bytes, 10, 13);
    expect(() => input.float()).toThrow(unusual);
    input.open(bytes, 10, 18);
    expect(input.double()).toBe(7.748604185489348e-304);
  }
});

describe("between two messages", () => {
  test.each([
    [KEPT_BYTES, KEPT_BYTES],
    [KEPT_BYTES + 1, 0],
  ])("a reader of %i bytes keeps %i", (size, kept) => {
    const input = new ByteReader();
    input.open(new Uint8Array(size), 0, size);
    input.close();
    expect(input.bytes).toHaveLength(kept);
  });

  test.each([
    [KEPT_BYTES, KEPT_BYTES],
    [KEPT_BYTES + 1, 0],
  ])("a writer to %i bytes keeps %i", (size, kept) => {
    const out = new ByteWriter();
    const sink = new FrameBuffer();
    sink.bytes = new Uint8Array(size);
    out.open(sink);
    out.close();
    expect(out.bytes).toHaveLength(kept);
    expect(out.sink).not.toBe(sink);
  });

  test("what was read last does not show through in what is read next", () => {
    const input = new ByteReader();
    for (const fill of [1, 2, 3]) {
      const bytes = new Uint8Array(200).fill(fill);
      input.open(bytes, 0, 200);
      for (let i = 0; i < rounds; i++) input.double();
      expect(input.part(20, 120)).toStrictEqual(new Uint8Array(100).fill(fill));
      expect(input.utf8(160, 163)).toBe(String.fromCharCode(fill, fill, fill));
      input.close();
    }
  });
});
