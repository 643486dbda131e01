import { expect, test } from "vitest";
import { EncoderTable } from "../../../src/runtime/h2/hpack/encoder-table.js";

test("names are forgotten with their last entry, unless they are the static table's", () => {
  const table = new EncoderTable(() => false);
  table.resize(100); // two entries of 35 bytes
  for (let i = 0; i < 1_000; i++) table.add(table.known(`x${i % 10}${i % 7}`), "");
  expect(table.entries()).toHaveLength(2);
  expect(table.names).toBe(2);
  table.add(table.known("age"), "1");
  table.resize(0);
  expect(table.entries()).toEqual([]);
  expect(table.names).toBe(1);
});

test("a name that was forgotten and comes again is one name, whoever still holds the old one", () => {
  const table = new EncoderTable(() => false);
  table.resize(100);
  const old = table.known("x-a");
  table.add(old, "1");
  table.add(table.known("x-b"), "1");
  table.add(table.known("x-c"), "1");
  expect(old.isListed).toBe(false);
  const again = table.known("x-a");
  expect(again).not.toBe(old);
  table.add(again, "1");
  expect(table.find(table.known("x-a"), "1")).not.toBe(0);
  expect(table.index(table.find(again, "1"))).toBe(62);
  expect(table.find(old, "1")).toBe(0);
});

test("places stay, indexes move", () => {
  const table = new EncoderTable(() => false);
  const name = table.known("x-a");
  table.add(name, "1");
  const place = table.find(name, "1");
  expect(table.index(place)).toBe(62);
  table.add(name, "2");
  expect(table.find(name, "1")).toBe(place);
  expect(table.index(place)).toBe(63);
  expect(table.nameIndex(name)).toBe(62);
  expect(table.index(table.find(table.known(":method"), "POST"))).toBe(3);
  expect(table.find(table.known(":method"), "PATCH")).toBe(0);
  expect(table.nameIndex(table.known(":method"))).toBe(2);
  expect(table.nameIndex(table.known("x-none"))).toBe(0);
});
