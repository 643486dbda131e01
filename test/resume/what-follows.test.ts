import { expect, test } from "vitest";
import { Metadata, RpcError, type StatusObject, status } from "../../src/runtime/index.js";
import type { Ending } from "../../src/runtime/resume/ending.js";
import { type WhatFollows, whatFollows } from "../../src/runtime/resume/what-follows.js";

const lost = new RpcError(status.UNAVAILABLE, "lost");
const denied = new RpcError(status.PERMISSION_DENIED, "no");
const ok: StatusObject = { code: status.OK, details: "", metadata: new Metadata() };
const boom = new Error("boom");
const fail = () => {
  throw boom;
};

const endingOf = (error: RpcError): Ending => ({ status: error, error });
const good: Ending = { status: ok, error: undefined };

/** Waits of 1 for a plain backoff and 10 for an overloaded server; this is the `attempt`th end. */
const waitsAt = (attempt: number) => ({
  ended: () => attempt,
  delayMs: (_: StatusObject, action: "resume" | "wait") => (action === "wait" ? 10 : 1),
});

test.each<
  [what: string, ending: Ending, statuses: Parameters<typeof whatFollows>[3]["statuses"], follows: WhatFollows]
>([
  ["a lost call", endingOf(lost), undefined, { kind: "call", delayMs: 1 }],
  ["an overloaded server", endingOf(lost), { UNAVAILABLE: "wait" }, { kind: "call", delayMs: 10 }],
  ["OK", good, undefined, { kind: "end", error: undefined }],
  ["OK that is to go on", good, { OK: "resume" }, { kind: "call", delayMs: 1 }],
  ["OK that is to be thrown: there is nothing to throw", good, { OK: "throw" }, { kind: "end", error: undefined }],
  ["a refusal", endingOf(denied), undefined, { kind: "end", error: denied }],
  ["a refusal that is a good end", endingOf(denied), { PERMISSION_DENIED: "end" }, { kind: "end", error: undefined }],
  ["statuses that throw", endingOf(lost), fail, { kind: "fault", name: "statuses", cause: boom }],
])("%s", (_, ending, statuses, follows) => {
  expect(whatFollows(ending, 7, waitsAt(1), { statuses, maxAttempts: 3 }, {})).toEqual(follows);
});

test.each<[attempt: number, follows: WhatFollows]>([
  [2, { kind: "call", delayMs: 1 }],
  [3, { kind: "end", error: lost }],
  [4, { kind: "end", error: lost }],
])("of three attempts, after the %dth", (attempt, follows) => {
  const rules = { statuses: undefined, maxAttempts: 3 };
  expect(whatFollows(endingOf(lost), 7, waitsAt(attempt), rules, {})).toEqual(follows);
});

test("onResume hears of a further call alone, and where it throws none follows", () => {
  const heard: unknown[] = [];
  const rules = { statuses: undefined, maxAttempts: 3 };
  const options = { onResume: (event: unknown) => void heard.push(event) };
  whatFollows(endingOf(denied), 7, waitsAt(1), rules, options);
  whatFollows(endingOf(lost), 7, waitsAt(2), rules, options);
  expect(heard).toEqual([{ attempt: 2, error: lost, token: 7, delayMs: 1 }]);
  const fault = whatFollows(endingOf(lost), 7, waitsAt(1), rules, { onResume: fail });
  expect(fault).toEqual({ kind: "fault", name: "onResume", cause: boom });
});
