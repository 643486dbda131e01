import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { FlushScheduler, flushes } from "../../../src/runtime/platform/node/flush-scheduler.js";

/** An event loop whose turns are lists of callbacks, each with the connections that it sends on. */
class Turns {
  /** What was written: after which callback (counted from 0), or "end" of the turn. */
  readonly writes: string[] = [];
  readonly #afterMicrotasks: (() => void)[] = [];
  #afterSockets: (() => void)[] = [];
  #now: number | "end" = 0;
  readonly #scheduled = new Set<string>();
  readonly #scheduler = new FlushScheduler(
    (run) => this.#afterMicrotasks.push(run),
    (run) => this.#afterSockets.push(run),
  );

  /** As a driver of a socket: asked for once, however often there is output, until it is written. */
  send(connection: string): void {
    if (this.#scheduled.has(connection)) return;
    this.#scheduled.add(connection);
    this.#scheduler.schedule(() => {
      this.#scheduled.delete(connection);
      this.writes.push(`${connection} ${this.#now}`);
    });
  }

  /** One turn; returns what it wrote. */
  turn(...callbacks: string[]): string[] {
    this.writes.length = 0;
    callbacks.forEach((connections, i) => {
      this.#now = i;
      for (const connection of connections) this.send(connection);
      for (const run of this.#afterMicrotasks.splice(0)) run();
    });
    this.#now = "end";
    const due = this.#afterSockets;
    this.#afterSockets = [];
    for (const run of due) run();
    return [...this.writes];
  }

  /** `count` turns, each with a single output; what the last one wrote. */
  single(count: number): string[] {
    let last: string[] = [];
    for (let i = 0; i < count; i++) last = this.turn("a");
    return last;
  }
}

/** How many of these were before the end of the turn. */
function early(writes: readonly string[]): number {
  return writes.filter((write) => !write.endsWith("end")).length;
}

/** Turns with one flush, after which flushes come early. */
const LEARNED = 32;

test("writes at the end of a turn, until 32 turns in a row had one flush", () => {
  const loop = new Turns();
  expect(loop.single(LEARNED)).toEqual(["a end"]);
  expect(loop.turn("a")).toEqual(["a 0"]);
  expect(loop.single(1000)).toEqual(["a 0"]);
});

test("a turn with two flushes begins the count anew", () => {
  const loop = new Turns();
  loop.single(LEARNED - 1);
  expect(loop.turn("a", "b")).toEqual(["a end", "b end"]);
  expect(loop.single(LEARNED)).toEqual(["a end"]);
  expect(loop.turn("a")).toEqual(["a 0"]);
});

test("the flush of a turn takes what all its callbacks sent", () => {
  expect(new Turns().turn("a", "a", "ab", "b")).toEqual(["a end", "b end"]);
});

test("what one callback sends on one connection is one flush, early too", () => {
  const loop = new Turns();
  loop.single(LEARNED);
  for (let i = 0; i < 100; i++) expect(loop.turn("aaa")).toEqual(["a 0"]);
});

describe.each([
  ["another connection", ["a", "b", "c"], ["a 0", "b end", "c end"], ["a end", "b end", "c end"]],
  ["another connection in the same callback", ["ab"], ["a 0", "b end"], ["a end", "b end"]],
  ["the same connection, by another callback", ["a", "a", "a"], ["a 0", "a end"], ["a end"]],
])("a second flush in a turn, of %s", (_, callbacks, first, then) => {
  test("is found in the first early turn, and those after it are late again", () => {
    const loop = new Turns();
    loop.single(LEARNED);
    expect(loop.turn(...callbacks)).toEqual(first);
    expect(loop.turn(...callbacks)).toEqual(then);
    expect(loop.turn("a")).toEqual(["a end"]);
  });

  test.each(Array.from({ length: 40 }, (_, i) => i + 1))(
    "is found within 33 flushes, after %i early turns",
    (turns) => {
      const loop = new Turns();
      loop.single(LEARNED + turns);
      let flushes = 0;
      for (let i = 0; i < 34; i++) {
        const before = flushes;
        flushes += early(loop.turn(...callbacks));
        if (flushes === before) break;
      }
      expect(flushes).toBeLessThanOrEqual(33);
      expect(loop.turn(...callbacks)).toEqual(then);
    },
  );
});

test("one turn in 33 tries an early flush where a connection is sent on by several callbacks", () => {
  const loop = new Turns();
  let flushes = 0;
  for (let i = 0; i < 330; i++) flushes += early(loop.turn("a", "a"));
  expect(flushes).toBe(10);
});

test("nothing is lost, and no callback makes two writes of a connection, whatever turns follow each other", () => {
  const loop = new Turns();
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 0x7fff_ffff;
    return seed % below;
  };
  for (let i = 0; i < 5000; i++) {
    // Long rows of single outputs between others, so that both ways are gone.
    const callbacks = Array.from({ length: i % 200 < 150 ? 1 : random(4) }, () =>
      "abcd".slice(random(4)).slice(0, 1 + random(2)),
    );
    const written = loop.turn(...callbacks).map((write) => write[0]!);
    expect([...new Set(written)].sort()).toEqual([...new Set(callbacks.join(""))].sort());
    for (const connection of "abcd") {
      const writes = written.filter((name) => name === connection).length;
      expect(writes).toBeLessThanOrEqual(callbacks.filter((sent) => sent.includes(connection)).length);
    }
  }
});

test("in Node's event loop, an early flush comes after all microtasks, those that follow from others too, and before the next turn", async () => {
  for (let i = 0; i < LEARNED; i++) {
    await new Promise<void>((resolve) => flushes.schedule(resolve));
    await setImmediate();
  }
  const order: string[] = [];
  const turn = setImmediate().then(() => order.push("turn"));
  flushes.schedule(() => order.push("flush"));
  void (async () => {
    for (let i = 0; i < 20; i++) await undefined;
    order.push("microtasks");
  })();
  await turn;
  expect(order).toEqual(["microtasks", "flush", "turn"]);
});
