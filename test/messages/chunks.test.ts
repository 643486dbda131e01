import { describe, expect, test } from "vitest";
import type { DescriptorFile } from "../../src/descriptors/file-set.js";
import { inParallel, partLimit, splitByCost } from "../../src/messages/chunks.js";

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
  test("takes every file once, neighbours together, the dearest part first", () => {
    const set = files({ "a/1": 10, "a/2": 36, "b/1": 50, "b/2": 50, "c/1": 5 });
    expect(splitByCost(set, [...set.keys()], bytes, 45)).toEqual([["b/1"], ["b/2"], ["a/1", "a/2"], ["c/1"]]);
  });

  test("gives a dear file a part of its own and does not cut its neighbours apart", () => {
    const set = files({ a: 1, b: 1_000, c: 1, d: 1 });
    expect(splitByCost(set, [...set.keys()], bytes, 10)).toEqual([["b"], ["a", "c", "d"]]);
  });

  test("does not depend on the order of the names", () => {
    const set = files({ a: 3, b: 3, c: 3, d: 2 });
    expect(splitByCost(set, ["d", "c", "b", "a"], bytes, 6)).toEqual(splitByCost(set, ["a", "b", "c", "d"], bytes, 6));
  });

  test("makes no empty parts", () => {
    expect(splitByCost(files({ a: 1 }), ["a"], bytes, 0.1)).toEqual([["a"]]);
    expect(splitByCost(files({}), [], bytes, 0)).toEqual([]);
  });
});

describe("partLimit", () => {
  test.each([
    ["little work stays in one process", 100, 8, 100],
    ["work for two", 1_100, 8, 550],
    ["an equal share for each processor", 10_000, 4, 2_500],
    ["no part too large", 50_000, 2, 50_000 / 7],
    ["one processor", 4_000, 1, 4_000],
  ])("%s", (_name, total, processors, expected) => {
    expect(partLimit(total, processors, 500, 8_000)).toBe(expected);
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
