import { create, toBinary } from "@bufbuild/protobuf";
import { BytesValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { es } from "../../src/runtime/codec-es.js";

const codec = es(BytesValueSchema);
const value = new Uint8Array(5_000).fill(7);
const encoded = toBinary(BytesValueSchema, create(BytesValueSchema, { value }));

test("bytes in a buffer that others share are copied", () => {
  const shared = new Uint8Array(encoded.length + 6);
  shared.set(encoded);
  const message = codec.decode(shared.subarray(0, encoded.length));
  expect(message.value).toStrictEqual(value);
  expect(message.value.buffer).not.toBe(shared.buffer);
  expect(message.value.buffer.byteLength).toBe(value.length);
});

test.each([0, 5])("bytes in a buffer of their own, behind a header of %i bytes, are not", (header) => {
  const own = new Uint8Array(header + encoded.length);
  own.set(encoded, header);
  const message = codec.decode(own.subarray(header));
  expect(message.value).toStrictEqual(value);
  expect(message.value.buffer).toBe(own.buffer);
});

test("a few bytes do not keep the rest of the message in memory", () => {
  const own = new Uint8Array([
    ...toBinary(BytesValueSchema, create(BytesValueSchema, { value: value.subarray(0, 2) })),
    0x12,
    10,
    ...value.subarray(0, 10),
  ]);
  const message = codec.decode(own);
  expect(message.value).toStrictEqual(value.slice(0, 2));
  expect(message.value.buffer.byteLength).toBe(2);
});

test("bytes of a Buffer are plain Uint8Arrays", () => {
  for (const input of [Buffer.from(encoded), Buffer.concat([encoded, encoded]).subarray(0, encoded.length)]) {
    expect(Object.getPrototypeOf(codec.decode(input).value)).toBe(Uint8Array.prototype);
  }
});

describe("bytes that the wire did not have", () => {
  const nothing = new Uint8Array(0);

  test("are one empty array for all messages", () => {
    const [one, other] = [codec.decode(nothing), codec.decode(nothing)];
    expect(one.value).toStrictEqual(nothing);
    expect(Object.getPrototypeOf(one.value)).toBe(Uint8Array.prototype);
    expect(one.value).toBe(other.value);
  });

  test("are there after the buffer of another message went to another thread", () => {
    const transfer = ({ buffer }: Uint8Array) => structuredClone(buffer, { transfer: [buffer as ArrayBuffer] }); // it is no shared one
    transfer(codec.decode(nothing).value);
    const after = codec.decode(nothing);
    expect(after.value).toStrictEqual(nothing);
    expect(() => transfer(after.value)).not.toThrow();
  });
});
