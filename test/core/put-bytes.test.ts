import { expect, test } from "vitest";
import { putBytes, viewOf } from "../../src/runtime/core/put-bytes.js";

const from = Uint8Array.from({ length: 300 }, (_, i) => i & 0xff);

test.each([0, 1, 47, 48, 49, 200])("%i bytes arrive where they are to be, and nothing else changes", (length) => {
  const to = new Uint8Array(256).fill(0xee);
  putBytes(from, 7, 7 + length, to, 20);
  expect(to.subarray(20, 20 + length)).toEqual(from.subarray(7, 7 + length));
  expect([...to.subarray(0, 20), ...to.subarray(20 + length)].every((byte) => byte === 0xee)).toBe(true);
});

test.each([new Uint8Array(from), Buffer.from(from), Buffer.from(from).subarray(5)])(
  "a view is a plain Uint8Array of the same memory",
  (bytes) => {
    const view = viewOf(bytes, 10, 60);
    expect(Object.getPrototypeOf(view)).toBe(Uint8Array.prototype);
    expect([...view]).toEqual([...bytes.subarray(10, 60)]);
    bytes[10] = 99;
    expect(view[0]).toBe(99);
  },
);
