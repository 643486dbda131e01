import { expect, test } from "vitest";
import { meaningOfEnd, wasUnused } from "../../../src/runtime/transport/grpc-h2/client/connection-use.js";

const [yes, no] = [true, false];

test.each([
  // carried, refused, was being opened, another is, calls wait
  [no, no, yes, no, no, "failed"],
  [no, no, yes, no, yes, "failed"],
  [yes, no, no, no, no, "served"],
  [yes, yes, no, no, yes, "served"],
  [yes, no, no, yes, yes, "served"],
  [no, no, no, no, no, "nothing"],
  [no, no, no, no, yes, "failed"],
  [no, yes, no, no, no, "failed"],
  [no, yes, no, yes, no, "nothing"],
  [no, no, no, yes, yes, "nothing"],
] as const)(
  "carried: %s, refused: %s, connecting: %s, another connecting: %s, calls waiting: %s: %s",
  (carried, refused, connecting, another, waiting, meaning) => {
    expect(meaningOfEnd({ carried, refused }, connecting, another, waiting)).toBe(meaning);
  },
);

test.each([
  [no, 100, 1099, undefined, yes],
  [no, 100, 1100, undefined, no],
  [no, 100, 149, 50, yes],
  [no, 100, 150, 50, no],
  [no, undefined, 100, 50, no],
  [yes, 100, 101, 50, no],
])("carried: %s, ready at %s, ended at %i, first wait %s: unused %s", (carried, readyAt, now, wait, unused) => {
  expect(wasUnused({ carried, readyAt }, now, wait)).toBe(unused);
});
