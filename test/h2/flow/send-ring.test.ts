import { expect, test } from "vitest";
import { SendRing } from "../../../src/runtime/h2/flow/send-ring.js";
import type { EngineStream } from "../../../src/runtime/h2/streams/engine-stream.js";
import { collectGarbage } from "../../support/collect-garbage.js";

/** A ring looks at nothing of a stream. */
const stream = (id: number) => ({ id }) as EngineStream;

test("turns come in order, and an empty ring has none", () => {
  const ring = new SendRing();
  expect([ring.empty, ring.shift()]).toEqual([true, undefined]);
  const [one, two] = [stream(1), stream(3)];
  ring.push(one);
  ring.push(two);
  expect([ring.empty, ring.shift() === one, ring.empty, ring.shift() === two, ring.empty]).toEqual([
    false,
    true,
    false,
    true,
    true,
  ]);
  expect(ring.shift()).toBeUndefined();
});

test.each([1, 2, 63, 64, 65, 200])("%i streams that take turns again and again lose none", (count) => {
  const ring = new SendRing();
  const streams = Array.from({ length: count }, (_, i) => stream(i));
  for (const one of streams) ring.push(one);
  for (let turn = 0; turn < 3 * count; turn++) {
    const next = ring.shift();
    expect(next).toBe(streams[turn % count]);
    if (next !== undefined) ring.push(next);
  }
  for (const one of streams) expect(ring.shift()).toBe(one);
  expect(ring.empty).toBe(true);
});

test.each([
  ["the last one too", 1, 0],
  ["behind a ring that never gets empty", 64, 1],
])("a stream that had its turn is let go: %s", async (_, taken, more) => {
  const ring = new SendRing();
  const gone = (() => {
    const first = stream(0);
    ring.push(first);
    return new WeakRef(first);
  })();
  for (let i = 1; i < taken + more; i++) ring.push(stream(i));
  for (let i = 0; i < taken; i++) ring.shift();
  await new Promise((resolve) => setImmediate(resolve)); // a WeakRef holds on until its turn is over
  collectGarbage();
  expect(gone.deref()).toBeUndefined();
  expect(ring.empty).toBe(more === 0);
});
