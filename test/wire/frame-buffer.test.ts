import { expect, test } from "vitest";
import { blocks } from "../../src/runtime/core/block-pool.js";
import { FrameBuffer } from "../../src/runtime/wire/frame-buffer.js";

const KiB = 1024;

/** Writes so many bytes of this value. */
function write(buffer: FrameBuffer, size: number, value: number): void {
  buffer.reserve(size);
  buffer.bytes.fill(value, buffer.position, buffer.position + size);
  buffer.position += size;
}

test("it holds nothing at first, and one of the pool's blocks from the first byte on", () => {
  const buffer = new FrameBuffer();
  expect(buffer.bytes).toHaveLength(0);
  buffer.reserve(1);
  expect(buffer.bytes).toHaveLength(4 * KiB);
});

test("a block is filled to its last byte before it is changed for a larger one, which has what was written", () => {
  const buffer = new FrameBuffer();
  write(buffer, 4 * KiB - 1, 1);
  const small = buffer.bytes;
  write(buffer, 1, 2);
  expect(buffer.bytes).toBe(small);
  write(buffer, 1, 3);
  expect(buffer.bytes).toHaveLength(32 * KiB);
  expect([...buffer.bytes.subarray(4 * KiB - 2, 4 * KiB + 1)]).toEqual([1, 2, 3]);
  expect(buffer.bytes[0]).toBe(1);
  expect(blocks.acquire(4 * KiB), "the small one is the pool's again").toBe(small);
});

test("beyond the pool's sizes it doubles", () => {
  const buffer = new FrameBuffer();
  write(buffer, 700 * KiB, 1);
  expect(buffer.bytes).toHaveLength(700 * KiB);
  write(buffer, 1, 2);
  expect(buffer.bytes).toHaveLength(1400 * KiB);
  write(buffer, 3000 * KiB, 3);
  expect(buffer.bytes).toHaveLength(3700 * KiB + 1);
});

test("what is thrown away goes back to the pool", () => {
  const buffer = new FrameBuffer();
  write(buffer, 3, 7);
  const block = buffer.bytes;
  buffer.clear();
  expect([buffer.bytes.length, buffer.position]).toEqual([0, 0]);
  expect(blocks.acquire(1)).toBe(block);
});
