import { describe, expect, test } from "vitest";
import type { DescriptorFile } from "../../src/descriptors/file-set.js";
import { inParallel, partCount, splitByCost } from "../../src/messages/chunks.js";

function files(sizes: Readonly<Record<string, number>>): ReadonlyMap<string, DescriptorFile> {
  return new Map(
    Object.entries(sizes).map(([name, typeBytes]) => [
      name,
      { name, bytes: new Uint8Array(), dependencies: [], serviceCount: 0, typeBytes, isImport: false },
    ]),
  );
}
const bytes = (file: DescriptorFile): number => file.typeBytes;

describe("splitByCost", () => {
  test("deals out every file once, in parts of about equal cost", () => {
    const set = files({ a: 100, b: 50, c: 50, d: 1, e: 1 });
    const parts = splitByCost(set, [...set.keys()], bytes, 2);
    expect(parts.flat().sort()).toEqual(["a", "b", "c", "d", "e"]);
    expect(parts.map((part) => part.reduce((sum, name) => sum + (set.get(name)?.typeBytes ?? 0), 0))).toEqual([
      101, 101,
    ]);
  });

  test("does not depend on the order of the names", () => {
    const set = files({ a: 3, b: 3, c: 3, d: 2 });
    expect(splitByCost(set, ["d", "c", "b", "a"], bytes, 3)).toEqual(splitByCost(set, ["a", "b", "c", "d"], bytes, 3));
  });

  test("makes no empty parts", () => {
    expect(splitByCost(files({ a: 1 }), ["a"], bytes, 8)).toEqual([["a"]]);
    expect(splitByCost(files({}), [], bytes, 8)).toEqual([]);
  });
});

describe("partCount", () => {
  test.each([
    ["little work stays in one process", 100, 8, 1],
    ["work for two", 1_100, 8, 2],
    ["no more than processors", 50_000, 2, 7],
    ["one processor", 4_000, 1, 1],
  ])("%s", (_name, total, processors, expected) => {
    expect(partCount(total, processors, 500, 8_000)).toBe(expected);
  });
});

describe("inParallel", () => {
  test("keeps the order, and never runs more at a time than allowed", async () => {
    let [running, most] = [0, 0];
    const results = await inParallel([5, 3, 1, 4, 2], 2, async (ticks) => {
      most = Math.max(most, ++running);
      for (let i = 0; i < ticks; i++) await Promise.resolve();
      running--;
      return ticks * 10;
    });
    expect(results).toEqual([50, 30, 10, 40, 20]);
    expect(most).toBe(2);
  });

  test("starts nothing new after a failure", async () => {
    const started: number[] = [];
    const work = inParallel([1, 2, 3, 4, 5, 6], 2, async (item) => {
      started.push(item);
      await Promise.resolve();
      if (item === 2) throw new Error("two");
    });
    await expect(work).rejects.toThrow("two");
    for (let i = 0; i < 20; i++) await Promise.resolve();
    expect(started.length).toBeLessThan(6);
  });
});
