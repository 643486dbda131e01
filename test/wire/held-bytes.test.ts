import { expect, test } from "vitest";
import { HeldBytes } from "../../src/runtime/wire/held-bytes.js";

const KiB = 1024;

/** So many bytes, of which each is this one. */
function bytes(size: number, value = 1): Uint8Array {
  return new Uint8Array(size).fill(value);
}

/** Puts whole messages behind what is held, as at the end of a read. */
function addWhole(held: HeldBytes, from: Uint8Array, start = 0, end = from.length): void {
  held.lend(from, start, end);
  held.own();
}

/** All that is held, block by block. */
function drain(held: HeldBytes): number[][] {
  const all: number[][] = [];
  for (; !held.empty; held.shift()) {
    const { bytes: block, start, end } = held.front;
    all.push([...block.subarray(start, end)]);
  }
  return all;
}

test("whole messages share a block until it is full to the last byte; the next has twice the room", () => {
  const held = new HeldBytes();
  addWhole(held, bytes(500));
  const first = held.last;
  expect(first.bytes).toHaveLength(512);
  addWhole(held, bytes(20, 2), 4, 16);
  expect(held.last).toBe(first);
  expect([first.start, first.end]).toEqual([0, 512]);
  expect([...first.bytes.subarray(498)]).toEqual([1, 1, ...Array(12).fill(2)]);
  addWhole(held, bytes(1, 3));
  expect(held.last).not.toBe(first);
  expect(held.last.bytes).toHaveLength(1024);
});

test("blocks grow to 64 KiB, or to what one piece needs", () => {
  const held = new HeldBytes();
  const sizes: number[] = [];
  for (let i = 0; i < 10; i++) {
    const room = held.empty ? 1 : held.last.bytes.length - held.last.end + 1;
    addWhole(held, bytes(room));
    sizes.push(held.last.bytes.length);
  }
  expect(sizes).toEqual([512, 1, 2, 4, 8, 16, 32, 64, 64, 64].map((size, i) => (i === 0 ? size : size * KiB)));
  addWhole(held, bytes(100 * KiB));
  expect(held.last.bytes).toHaveLength(100 * KiB);
});

test.each([
  ["its length is not known: what came", 3, 0, 3],
  ["small: all of it", 3, 100, 100],
  ["64 KiB of data, and some fields: all of it", 3, 64 * KiB + 50, 64 * KiB + 50],
  ["large: 80 KiB", 3, 1024 * KiB, 80 * KiB],
  ["large, and much of it came: as much again", 50 * KiB, 1024 * KiB, 100 * KiB],
  ["most of it came: all of it", 40 * KiB, 70 * KiB, 70 * KiB],
])("room for a message that is still coming; %s", (_, came, size, room) => {
  const held = new HeldBytes();
  held.addOpen(bytes(came), 0, came, size, false);
  expect(held.last.bytes).toHaveLength(room);
});

test("a message that is still coming has a block by itself, filled to the last byte before it grows", () => {
  const held = new HeldBytes();
  addWhole(held, bytes(2));
  held.addOpen(bytes(3, 2), 0, 3, 0, false);
  held.addOpen(bytes(3, 3), 1, 3, 6, false);
  const { last } = held;
  expect([last.end, last.bytes.length]).toEqual([5, 6]);
  const { bytes: before } = last;
  held.addOpen(bytes(1, 4), 0, 1, 6, true);
  expect(held.last.bytes).toBe(before);
  addWhole(held, bytes(1, 5));
  expect(drain(held)).toEqual([[1, 1], [2, 2, 2, 3, 3, 4], [5]]);
});

test("what comes behind all that was read has a block of its own", () => {
  const held = new HeldBytes();
  addWhole(held, bytes(1, 2));
  const { last } = held;
  drain(held);
  addWhole(held, bytes(1, 3));
  expect(held.last).not.toBe(last);
  expect(drain(held)).toEqual([[3]]);
});

test("what is lent is read where it lies until it is owned; what is left of it is copied", () => {
  const held = new HeldBytes();
  addWhole(held, bytes(2));
  const read = bytes(10, 2);
  held.lend(read, 4, 8);
  held.lend(read, 8, 10);
  held.front.start = 2;
  held.shift();
  expect(held.front.bytes).toBe(read);
  held.front.start = 7;
  held.own();
  read.fill(9);
  expect(held.front.bytes).not.toBe(read);
  expect(drain(held)).toEqual([[2, 2, 2]]);
});

test("what is all read by then is not copied, and what was there before stays", () => {
  const held = new HeldBytes();
  held.lend(bytes(4), 0, 4);
  held.addOpen(bytes(3, 2), 0, 3, 10, false);
  held.shift();
  const { front } = held;
  held.own();
  expect(held.front).toBe(front);
  expect(held.dropOpen()).toBe(3);
  expect(held.empty).toBe(true);
});

test("what was lent comes out in its order, between messages that came in pieces", () => {
  const held = new HeldBytes();
  const read = bytes(8);
  held.lend(read, 0, 2);
  held.addOpen(bytes(3, 2), 0, 3, 3, true);
  const pieces = held.last;
  held.lend(read, 2, 4);
  held.lend(read, 6, 8);
  held.addOpen(bytes(1, 3), 0, 1, 10, false);
  held.own();
  read.fill(9);
  held.addOpen(bytes(1, 3), 0, 1, 10, true);
  held.shift();
  expect(held.front).toBe(pieces);
  expect(drain(held)).toEqual([
    [2, 2, 2],
    [1, 1, 1, 1],
    [3, 3],
  ]);
});

test.each([
  ["before", 100, 0],
  ["before, and hundreds that are lent", 100, 70],
  ["none before, and hundreds that are lent", 0, 70],
  ["some of what is lent", 3, 5],
])("hundreds of blocks, of which were read: %s", (_, before, lentRead) => {
  const held = new HeldBytes();
  for (let i = 0; i < before; i++) held.addOpen(bytes(1, 200), 0, 1, 1, true);
  const read = bytes(90, 0).map((_zero, i) => i);
  for (let i = 0; i < 90; i++) held.lend(read, i, i + 1);
  held.addOpen(bytes(1, 100), 0, 1, 1, true);
  for (let i = 0; i < before + lentRead; i++) held.shift();
  held.own();
  read.fill(255);
  expect(drain(held).flat()).toEqual([...Array.from({ length: 90 - lentRead }, (_none, i) => lentRead + i), 100]);
});

test("the message that is still coming may be thrown away; whole ones stay", () => {
  const held = new HeldBytes();
  expect(held.dropOpen()).toBe(0);
  addWhole(held, bytes(2));
  expect(held.dropOpen()).toBe(0);
  held.addOpen(bytes(3, 2), 0, 3, 10, false);
  held.last.start = 1; // its reader is told of what is left
  expect(held.dropOpen()).toBe(2);
  expect(held.dropOpen()).toBe(0);
  held.addOpen(bytes(4, 3), 0, 4, 10, true);
  expect(held.dropOpen()).toBe(0);
  expect(drain(held)).toEqual([
    [1, 1],
    [3, 3, 3, 3],
  ]);
});

test("hundreds of blocks come out in order", () => {
  const held = new HeldBytes();
  for (let i = 0; i < 300; i++) held.addOpen(bytes(1, i), 0, 1, 1, true);
  expect(drain(held)).toEqual(Array.from({ length: 300 }, (_, i) => [i % 256]));
  expect(held.empty).toBe(true);
});

test("all of it may be thrown away", () => {
  const held = new HeldBytes();
  held.addOpen(bytes(3), 0, 3, 10, false);
  held.clear();
  expect(held.empty).toBe(true);
  held.addOpen(bytes(1, 2), 0, 1, 1, false);
  expect(drain(held)).toEqual([[2]]);
});
