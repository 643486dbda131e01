import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import { monotonicMs } from "../../src/runtime/core/clock.js";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { type DeadlineBucket, type DeadlineEntry, DeadlineQueue } from "../../src/runtime/wire/deadline-queue.js";

/** A call with a deadline in so many milliseconds; `passed` resolves when it hears of it. */
class Entry implements DeadlineEntry {
  readonly deadline: number;
  readonly #passed = new Deferred<number>();
  readonly #onDeadline: (() => void) | undefined;
  deadlineBucket: DeadlineBucket | undefined;
  laterDeadline: DeadlineEntry | undefined;
  earlierDeadline: DeadlineEntry | undefined;
  heard = 0;

  constructor(deadline: number, onDeadline?: () => void) {
    this.deadline = deadline;
    this.#onDeadline = onDeadline;
  }

  get passed(): Promise<number> {
    return this.#passed.promise;
  }

  onDeadline(): void {
    this.heard++;
    this.#onDeadline?.();
    this.#passed.resolve(monotonicMs());
  }
}

const within = (ms: number): Entry => new Entry(monotonicMs() + ms);
/** Timers that keep the process alive. */
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

describe("the deadlines of all calls, with one timer", () => {
  test("each is told once, never early, whatever the order in which they came", async () => {
    const queue = new DeadlineQueue();
    const entries = [30, 5, 60, 5, 0, -10, 31].map(within);
    for (const entry of entries) queue.add(entry);
    const at = await Promise.all(entries.map(({ passed }) => passed));
    expect(entries.map((entry, i) => at[i]! >= entry.deadline)).not.toContain(false);
    expect(entries.map(({ heard }) => heard)).toEqual(entries.map(() => 1));
    expect(entries.every(({ deadlineBucket }) => deadlineBucket === undefined)).toBe(true);
  });

  test.each([
    ["the first that came", 0],
    ["one in the middle", 1],
    ["the last that came", 2],
  ])("who leaves hears nothing, the others of the same moment do: %s", async (_, leaves) => {
    const queue = new DeadlineQueue();
    const deadline = monotonicMs() + 20;
    const entries = [1, 2, 3].map(() => new Entry(deadline));
    for (const entry of entries) queue.add(entry);
    queue.remove(entries[leaves]!);
    queue.remove(entries[leaves]!); // has left
    const others = entries.filter((_, i) => i !== leaves);
    await Promise.all(others.map(({ passed }) => passed));
    expect(entries.map(({ heard }) => heard)).toEqual([0, 1, 2].map((i) => (i === leaves ? 0 : 1)));
  });

  test("who is told may make others leave, and enter", async () => {
    const queue = new DeadlineQueue();
    const deadline = monotonicMs() + 10;
    const gone = new Entry(deadline);
    const later = within(15);
    const past = within(-100);
    const first = new Entry(deadline, () => {
      queue.remove(gone);
      queue.add(later);
      queue.add(past);
    });
    queue.add(gone);
    queue.add(first); // the last that came is the first that is told
    await Promise.all([first.passed, later.passed, past.passed]);
    expect([gone.heard, first.heard, later.heard, past.heard]).toEqual([0, 1, 1, 1]);
  });

  test("a moment that all have left is a moment again for who comes", async () => {
    const queue = new DeadlineQueue();
    const deadline = monotonicMs() + 25;
    const [one, other, again] = [new Entry(deadline), within(500_000), new Entry(deadline)];
    queue.add(one);
    queue.remove(one);
    queue.add(other);
    queue.remove(other);
    queue.add(again);
    await again.passed;
    expect([one.heard, other.heard]).toEqual([0, 0]);
    const after = new Entry(deadline);
    queue.add(after);
    await after.passed;
  });

  test("a nearer one does not wait for one that is far away", async () => {
    const queue = new DeadlineQueue();
    const [far, near] = [within(3_600_000), within(10)];
    queue.add(far);
    queue.add(near);
    await near.passed;
    expect(far.heard).toBe(0);
    const next = within(10);
    queue.add(next);
    await next.passed;
    queue.remove(far);
  });

  test("one timer, that keeps the process alive while there is a call", () => {
    const before = timers();
    const queue = new DeadlineQueue();
    const entries = [3_600_000, 1_800_000, 7_200_000].map(within);
    for (const entry of entries) queue.add(entry);
    expect(timers()).toBe(before + 1);
    queue.remove(entries[0]!);
    queue.remove(entries[1]!);
    expect(timers()).toBe(before + 1);
    queue.remove(entries[2]!);
    expect(timers()).toBe(before);
    queue.add(entries[0]!);
    expect(timers()).toBe(before + 1);
    queue.remove(entries[0]!);
    expect(timers()).toBe(before);
  });

  test("it is nobody's asynchronous context in which they are told (P18)", async () => {
    const storage = new AsyncLocalStorage<string>();
    const queue = new DeadlineQueue();
    const seen: unknown[] = [];
    const entry = new Entry(monotonicMs() + 5, () => void seen.push(storage.getStore()));
    storage.run("the caller's", () => queue.add(entry));
    await entry.passed;
    expect(seen).toEqual([undefined]);
  });
});
