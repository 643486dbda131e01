import { describe, expect, test, vi } from "vitest";
import { Delivery } from "../../src/runtime/resume/delivery.js";
import type { ResumeOptions } from "../../src/runtime/resume/resume-options.js";

interface Item {
  readonly id: number | undefined;
}

const never = (): boolean => false;
const items = (...ids: (number | undefined)[]): Item[] => ids.map((id) => ({ id }));

function deliveryOf(options: Partial<ResumeOptions<Item, number>> = {}): {
  delivery: Delivery<Item, number>;
  taken(): (number | undefined)[];
} {
  const delivery = new Delivery<Item, number>({ token: ({ id }) => id, ...options });
  const taken = (): (number | undefined)[] => {
    const ids: (number | undefined)[] = [];
    while (delivery.queue.waiting > 0) ids.push(delivery.queue.next().id);
    return ids;
  };
  return { delivery, taken };
}

describe("what is delivered of many calls as of one", () => {
  test("no message comes twice, and what has no token always comes", () => {
    const onDuplicate = vi.fn();
    const { delivery, taken } = deliveryOf({ after: 1, onDuplicate });
    expect(delivery.token).toBe(1);
    expect(delivery.take(items(1, 2, undefined, 3), true, never)).toBeUndefined();
    expect(delivery.take(items(2, 3, undefined, 4), false, never)).toBeUndefined();
    expect(taken()).toEqual([2, undefined, 3, undefined, 4]);
    expect(onDuplicate.mock.calls).toEqual([[1], [2], [3]]);
    expect([delivery.token, delivery.queue.compressed]).toEqual([4, false]);
  });

  test("a token that was forgotten may come again", () => {
    const { delivery, taken } = deliveryOf({ rememberTokens: 1 });
    delivery.take(items(1, 2, 1), undefined, never);
    expect(taken()).toEqual([1, 2, 1]);
  });

  test("a message without a token leaves the token as it was, and nobody has to hear of duplicates", () => {
    const { delivery, taken } = deliveryOf();
    expect(delivery.take(items(1, 1, undefined), undefined, never)).toBeUndefined();
    expect([taken(), delivery.token]).toEqual([[1, undefined], 1]);
  });

  test("a function that throws is named, behind the messages before", () => {
    const cause = new Error("no");
    const fail = (): never => {
      throw cause;
    };
    const first = deliveryOf({ token: ({ id }) => (id === 2 ? fail() : id) });
    expect(first.delivery.take(items(1, 2, 3), undefined, never)).toEqual({ name: "token", cause });
    expect([first.taken(), first.delivery.token]).toEqual([[1], 1]);
    const second = deliveryOf({ onDuplicate: fail });
    expect(second.delivery.take(items(1, 1, 2), undefined, never)).toEqual({ name: "onDuplicate", cause });
    expect(second.taken()).toEqual([1]);
  });

  test("onDuplicate may end everything: nothing more is taken", () => {
    let over = false;
    const { delivery, taken } = deliveryOf({
      onDuplicate: () => {
        over = true;
      },
    });
    expect(delivery.take(items(1, 1, 2), undefined, () => over)).toBeUndefined();
    expect(taken()).toEqual([1]);
  });
});
