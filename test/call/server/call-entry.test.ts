import { expect, test } from "vitest";
import { Admission } from "../../../src/runtime/call/server/admission.js";
import { CallEntry } from "../../../src/runtime/call/server/call-entry.js";
import { status } from "../../../src/runtime/index.js";

/** One place, and one more call that may wait for it. */
const onePlace = () => new Admission({ maxRunningCalls: 1, maxQueuedCalls: 1, retryAfterMs: 5 });

/** A call at its entry; `told` is what it heard. */
class Call {
  readonly told: string[] = [];
  readonly entry: CallEntry;
  isOver = false;
  release: (() => void) | undefined;

  constructor(admission: Admission | undefined, isIntercepted: boolean) {
    this.entry = new CallEntry(this, admission, isIntercepted);
    this.entry.open();
  }

  /** What the transport says of the requests' end. */
  halfClose(): void {
    if (!this.entry.holdsHalfClose()) this.onHalfClose();
  }

  turnAway({ code }: { readonly code: status }): void {
    this.told.push(`turned away: ${status[code]}`);
  }

  intercept(release: () => void): void {
    this.told.push("interceptors");
    this.release = release;
  }

  begin(): void {
    this.told.push("begin");
  }

  onReadable(): void {
    this.told.push("readable");
  }

  onHalfClose(): void {
    this.told.push("half-close");
  }
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

test("with a free place and no interceptors a call begins at once, and nothing is told a second time", () => {
  const call = new Call(onePlace(), false);
  expect(call.entry.holds).toBe(false);
  call.halfClose();
  expect(call.told).toEqual(["begin", "half-close"]);
});

test("what comes while interceptors hold the call is told when it begins", () => {
  const call = new Call(undefined, true);
  call.halfClose();
  expect(call.entry.holds).toBe(true);
  call.release?.();
  expect(call.entry.holds).toBe(false);
  expect(call.told).toEqual(["interceptors", "begin", "readable", "half-close"]);
});

test("no end of the requests is told where none came", () => {
  const call = new Call(undefined, true);
  call.release?.();
  expect(call.told).toEqual(["interceptors", "begin", "readable"]);
});

test("a call waits for its place before its interceptors run, and gets it when another leaves", async () => {
  const admission = onePlace();
  const [first, second] = [new Call(admission, false), new Call(admission, true)];
  second.halfClose();
  expect(second.told).toEqual([]);
  expect(second.entry.holds).toBe(true);
  first.entry.leave();
  await soon();
  expect(second.told).toEqual(["interceptors"]);
  second.release?.();
  expect(second.told).toEqual(["interceptors", "begin", "readable", "half-close"]);
});

test("a call without a place is turned away, and has none to give", () => {
  const admission = onePlace();
  const calls = [1, 2, 3].map(() => new Call(admission, true));
  expect(calls[2]?.told).toEqual(["turned away: RESOURCE_EXHAUSTED"]);
  calls[2]?.entry.leave();
  expect(admission).toMatchObject({ running: 1, queued: 1 });
});

test("a place is given once", () => {
  const admission = onePlace();
  const call = new Call(admission, false);
  call.entry.leave();
  call.entry.leave();
  expect(admission.running).toBe(0);
});

test("a call that ended while it waited, or while interceptors held it, never begins", async () => {
  const admission = onePlace();
  const [first, second] = [new Call(admission, false), new Call(admission, false)];
  first.entry.leave();
  second.isOver = true;
  await soon();
  const held = new Call(undefined, true);
  held.isOver = true;
  held.release?.();
  expect(second.told).toEqual([]);
  expect(held.told).toEqual(["interceptors"]);
});

test("a refusal names the limit", () => {
  expect(onePlace().refusal).toMatchObject({
    code: status.RESOURCE_EXHAUSTED,
    details: "the server runs as many calls as it may, 1 (maxRunningCalls)",
  });
});

test("a call that ends while it waits gives its turn to nobody: the one that runs keeps its place", async () => {
  const admission = onePlace();
  const [first, second] = [new Call(admission, false), new Call(admission, false)];
  second.entry.leave();
  expect(admission).toMatchObject({ running: 1, queued: 0 });
  const third = new Call(admission, false);
  expect(third.told).toEqual([]);
  first.entry.leave();
  await soon();
  expect(second.told).toEqual([]);
  expect(third.told).toEqual(["begin", "readable"]);
  expect(admission).toMatchObject({ running: 1, queued: 0 });
});

test("a place, or the wait for one, is told apart from a refusal", () => {
  const admission = onePlace();
  const entrants = [1, 2, 3].map(() => ({ admitted() {} }));
  expect(entrants.map((one) => admission.enter(one))).toEqual(["now", "later", "refused"]);
});
