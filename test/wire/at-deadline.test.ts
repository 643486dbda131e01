import { expect, it } from "vitest";
import { status } from "../../src/runtime/core/metadata.js";
import { codeAtDeadline } from "../../src/runtime/wire/at-deadline.js";

it("P5 a server that resets at the deadline, a moment before us, means the deadline", () => {
  expect(codeAtDeadline(status.CANCELLED, Date.now() + 2)).toBe(status.DEADLINE_EXCEEDED);
  expect(codeAtDeadline(status.CANCELLED, Date.now() - 2)).toBe(status.DEADLINE_EXCEEDED);
});

it("a reset long before the deadline, or without one, is a cancel", () => {
  expect(codeAtDeadline(status.CANCELLED, Date.now() + 60_000)).toBe(status.CANCELLED);
  expect(codeAtDeadline(status.CANCELLED, Number.POSITIVE_INFINITY)).toBe(status.CANCELLED);
  expect(codeAtDeadline(status.INTERNAL, Date.now() - 2)).toBe(status.INTERNAL);
});
