import { create, toBinary } from "@bufbuild/protobuf";
import { BytesValueSchema, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { es } from "../../src/runtime/codec-es.js";

const codec = es(BytesValueSchema);

/** An encoded message in the middle of other bytes. */
function among(size: number, fill: number): { bytes: Uint8Array; start: number; end: number } {
  const encoded = toBinary(BytesValueSchema, create(BytesValueSchema, { value: new Uint8Array(size).fill(fill) }));
  const bytes = new Uint8Array(encoded.length + 20).fill(0xff);
  bytes.set(encoded, 10);
  return { bytes, start: 10, end: 10 + encoded.length };
}

function decode(size: number, fill: number): Uint8Array {
  const { bytes, start, end } = among(size, fill);
  const { value } = codec.decodePart!(bytes, start, end);
  bytes.fill(0x7f); // as a chunk that is written again
  return value;
}

test("parts of a shared buffer stay as they are, and reach no neighbour", () => {
  const parts = Array.from({ length: 500 }, (_, i) => decode(65 + ((i * 37) % 1_984), i & 0x7f));
  parts[100]!.fill(0xee);
  parts.forEach((part, i) => {
    expect(part).toStrictEqual(new Uint8Array(65 + ((i * 37) % 1_984)).fill(i === 100 ? 0xee : i & 0x7f));
    expect(Object.getPrototypeOf(part)).toBe(Uint8Array.prototype);
    expect(part.byteOffset % 8).toBe(0);
  });
  expect(new Set(parts.map(({ buffer }) => buffer)).size).toBeLessThan(20);
});

test.each([
  [64, 64],
  [65, 64 * 1024],
  [2_048, 64 * 1024],
  [2_049, 2_049],
])("%i bytes that are kept keep %i in memory", (size, buffer) => {
  expect(decode(size, 1).buffer.byteLength).toBe(buffer);
});

test("who moves a part to another thread takes no other message's bytes along", () => {
  const [one, other] = [decode(100, 1), decode(100, 2)];
  expect(one.buffer).toBe(other.buffer);
  try {
    structuredClone(one.buffer, { transfer: [one.buffer as ArrayBuffer] }); // it is no shared one
  } catch (error) {
    // Node from 21 on refuses; Node 20 copies.
    expect((error as Error).name).toBe("DataCloneError");
  }
  expect(other).toStrictEqual(new Uint8Array(100).fill(2));
  expect(one).toStrictEqual(new Uint8Array(100).fill(1));
});

const { transfer } = ArrayBuffer.prototype as { transfer?: () => ArrayBuffer }; // ECMAScript 2024, from Node 22 on

test.skipIf(transfer === undefined)("who takes the shared buffer away takes no room from later messages", () => {
  try {
    transfer!.call(decode(100, 1).buffer);
  } catch (error) {
    expect((error as Error).message).toContain("not detachable"); // Node 24 refuses; 22 does not
  }
  const [one, other] = [decode(100, 2), decode(100, 3)];
  expect(one).toStrictEqual(new Uint8Array(100).fill(2));
  expect(one.buffer).toBe(other.buffer);
  expect(one.buffer.byteLength).toBe(64 * 1024);
});

test("a message that is cut short does not read on into what lies behind it", () => {
  const strings = es(StringValueSchema);
  const encoded = toBinary(StringValueSchema, create(StringValueSchema, { value: "abc" }));
  const bytes = new Uint8Array([...encoded, ...encoded]);
  expect(strings.decodePart!(bytes, 0, encoded.length).value).toBe("abc");
  for (let end = 1; end < encoded.length; end++) {
    expect(() => strings.decodePart!(bytes, 0, end)).toThrow();
  }
  // A group and a varint that go on behind the end.
  for (const cut of [[0x2b, 0x08, 0x01], [0x28, 0x80], [0x28]]) {
    const longer = new Uint8Array([...cut, 0x01, 0x2c, 0x00]);
    expect(() => strings.decodePart!(longer, 0, cut.length)).toThrow();
  }
});
