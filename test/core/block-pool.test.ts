import { expect, test } from "vitest";
import { allocate, BlockPool } from "../../src/runtime/core/block-pool.js";

const KiB = 1024;

test.each([
  [1, 4 * KiB],
  [4 * KiB, 4 * KiB],
  [4 * KiB + 1, 32 * KiB],
  [32 * KiB, 32 * KiB],
  [32 * KiB + 1, 160 * KiB],
  [160 * KiB, 160 * KiB],
  [160 * KiB + 1, 640 * KiB],
  [640 * KiB, 640 * KiB],
  [640 * KiB + 1, 640 * KiB + 1],
])("for %i bytes: a block of %i, which is used again unless it is larger than all that are kept", (size, length) => {
  const pool = new BlockPool(allocate);
  const block = pool.acquire(size);
  expect(block).toHaveLength(length);
  pool.release(block);
  expect(pool.acquire(size) === block).toBe(size <= 640 * KiB);
});

test.each([
  [4 * KiB, 256],
  [32 * KiB, 128],
  [160 * KiB, 32],
  [640 * KiB, 8],
])("of %i bytes, %i are kept", (size, kept) => {
  const pool = new BlockPool(allocate);
  const blocks = Array.from({ length: kept + 1 }, () => allocate(size));
  for (const block of blocks) pool.release(block);
  const again = new Set(Array.from({ length: kept + 1 }, () => pool.acquire(size)));
  expect(blocks.map((block) => again.has(block))).toEqual(blocks.map((_, i) => i < kept));
});

test("no two share memory", () => {
  expect(allocate(10).buffer.byteLength).toBe(10);
});
