import { expect, test } from "vitest";
import { ReleasedMemory } from "../../src/runtime/bytes/released-memory.js";

const KiB = 1024;

/** Puts memory whose first byte tells it apart. */
function put(memory: ReleasedMemory, size: number, mark: number): void {
  const buffer = new ArrayBuffer(size);
  new Uint8Array(buffer)[0] = mark;
  memory.put(buffer);
}

/** The mark of what is taken; undefined where there is none. */
function take(memory: ReleasedMemory, size: number): number | undefined {
  const block = memory.take(size);
  if (block === undefined) return undefined;
  expect([block.byteOffset, block.length, block.buffer.byteLength]).toEqual([0, size, size]);
  return block[0];
}

test("the newest of a size is taken first, each once", () => {
  const memory = new ReleasedMemory();
  put(memory, 64 * KiB, 1);
  put(memory, 20 * KiB, 2);
  put(memory, 64 * KiB, 3);
  put(memory, 20 * KiB, 4);
  expect([64, 64, 64].map((size) => take(memory, size * KiB))).toEqual([3, 1, undefined]);
  expect([20, 20, 20].map((size) => take(memory, size * KiB))).toEqual([4, 2, undefined]);
});

test.each([
  ["a byte more", 64 * KiB + 1],
  ["a byte less", 64 * KiB - 1],
])("for a message of %s there is nothing", (_, size) => {
  const memory = new ReleasedMemory();
  put(memory, 64 * KiB, 1);
  expect(take(memory, size)).toBeUndefined();
  expect(take(memory, 64 * KiB)).toBe(1);
});

test.each([
  [16 * KiB - 1, undefined],
  [16 * KiB, 1],
  [4096 * KiB, 1],
  [4096 * KiB + 1, undefined],
])("memory of %i bytes is kept or not", (size, kept) => {
  const memory = new ReleasedMemory();
  put(memory, size, 1);
  expect(take(memory, size)).toBe(kept);
});

test("4 MiB are kept; what was released first makes room, and what is taken does", () => {
  const memory = new ReleasedMemory();
  for (let mark = 1; mark <= 4; mark++) put(memory, 1024 * KiB, mark);
  expect(take(memory, 1024 * KiB)).toBe(4);
  put(memory, 1024 * KiB, 5);
  put(memory, 16 * KiB, 6);
  expect(Array.from({ length: 4 }, () => take(memory, 1024 * KiB))).toEqual([5, 3, 2, undefined]);
  expect(take(memory, 16 * KiB)).toBe(6);
});
