import { expect, test } from "vitest";
import { RecentlyReset } from "../../../src/runtime/h2/streams/recently-reset.js";

const REMEMBERED = 1000;

test("a stream is remembered until the peer is done with it too", () => {
  const reset = new RecentlyReset();
  expect([reset.has(1), reset.mayHave(1)]).toEqual([false, false]);
  reset.add(1, 10);
  reset.add(3, 10);
  reset.remove(1);
  expect([reset.has(1), reset.has(3)]).toEqual([false, true]);
});

test("late DATA is let through up to the window that the stream had", () => {
  const reset = new RecentlyReset();
  reset.add(1, 10);
  expect([4, 6, 0, 1].map((bytes) => reset.spend(1, bytes))).toEqual([true, true, true, false]);
  reset.add(3, 0);
  expect(reset.spend(3, 1)).toBe(false);
  expect(reset.spend(5, 1)).toBe(false); // has no window
});

test("of so many, the oldest is forgotten, and only its id is a bound", () => {
  const reset = new RecentlyReset();
  const ids = Array.from({ length: REMEMBERED }, (_, i) => 2 * i + 1);
  for (const id of ids) reset.add(id, 1);
  expect([reset.has(1), reset.mayHave(1)]).toEqual([true, false]);
  reset.add(5001, 1);
  expect([reset.has(1), reset.has(3), reset.has(5001)]).toEqual([false, true, true]);
  expect([1, 3].map((id) => reset.mayHave(id))).toEqual([true, false]);
});

test("the bound is the highest id, in whatever order streams were reset", () => {
  const reset = new RecentlyReset();
  for (const id of [9, 5, ...Array.from({ length: REMEMBERED - 2 }, (_, i) => 101 + 2 * i)]) reset.add(id, 1);
  reset.add(5001, 1);
  reset.add(5003, 1);
  expect([5, 9, 11].map((id) => reset.mayHave(id))).toEqual([true, true, false]);
});
