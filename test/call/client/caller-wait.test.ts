import { expect, test } from "vitest";
import { CallerWait } from "../../../src/runtime/call/client/caller-wait.js";
import { monotonicMs } from "../../../src/runtime/core/clock.js";
import { Deferred } from "../../../src/runtime/core/deferred.js";
import { Metadata, type StatusObject, status } from "../../../src/runtime/index.js";

const statusOf = (code: status): StatusObject => ({ code, details: "", metadata: new Metadata() });
const [ok, aborted] = [statusOf(status.OK), statusOf(status.ABORTED)];

/** A wait that no timer ends, as the test says itself when the deadline has passed. */
function waiting() {
  const told: status[] = [];
  const call = {
    late: 0,
    onDeadline() {
      call.late++;
    },
  };
  const wait = new CallerWait(call, { onStatus: ({ code }) => void told.push(code) }, Number.POSITIVE_INFINITY);
  const end = (ending: StatusObject) => wait.callEnded(ending);
  return { wait, call, told, end };
}

/** The same, which the deadline given ends; a timer that has gone off is told by `late`. */
function timed(deadline: number) {
  const told: StatusObject[] = [];
  const late = new Deferred<void>();
  const wait = new CallerWait({ onDeadline: late.resolve }, { onStatus: (one) => void told.push(one) }, deadline);
  return { wait, told, late: late.promise };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("the caller is told once", async () => {
  const { wait, told } = waiting();
  wait.endSoon();
  wait.end(ok);
  wait.end(aborted);
  await turn();
  expect(told).toEqual([status.OK]);
});

test("before the deadline, the end of a call waits for its interceptors", async () => {
  const { told, end } = waiting();
  end(aborted);
  await turn();
  expect(told).toEqual([]);
});

test("a deadline that passes before the end is the call's own matter", async () => {
  const { wait, call, told } = waiting();
  wait.onDeadline();
  await turn();
  expect(call.late).toBe(1);
  expect(told).toEqual([]);
});

test.each<[what: string, ending: StatusObject, expected: status]>([
  ["a failure is told as it is", aborted, status.ABORTED],
  ["an OK that interceptors held is too late", ok, status.DEADLINE_EXCEEDED],
])("after the deadline, a turn is left to interceptors: %s", async (_, ending, expected) => {
  for (const deadlineFirst of [true, false]) {
    const { wait, call, told, end } = waiting();
    if (deadlineFirst) wait.onDeadline();
    end(ending);
    if (!deadlineFirst) wait.onDeadline();
    expect(told).toEqual([]);
    await turn();
    expect(told).toEqual([expected]);
    expect(call.late).toBe(deadlineFirst ? 1 : 0);
  }
});

test("interceptors that finish in that turn have the last word", async () => {
  const { wait, told, end } = waiting();
  end(aborted);
  wait.endSoon();
  wait.end(ok);
  await turn();
  expect(told).toEqual([status.OK]);
});

test("what is too late says why", async () => {
  const { wait, told } = timed(Number.POSITIVE_INFINITY);
  wait.callEnded(ok);
  wait.onDeadline();
  await turn();
  expect(told[0]?.details).toBe("the deadline passed while interceptors held the end of the call");
});

test("an interceptor may set a deadline where there is none, and a nearer one", async () => {
  for (const before of [Number.POSITIVE_INFINITY, monotonicMs() + 3_600_000]) {
    const { wait, late } = timed(before);
    expect(wait.deadline).toBe(before);
    const nearer = monotonicMs();
    wait.deadline = nearer;
    expect(wait.deadline).toBe(nearer);
    await late; // or the test never ends
  }
});

test("a deadline that is taken away, or is set once the caller was told, does not come", async () => {
  const soon = monotonicMs() + 1;
  const [gone, after, marker] = [timed(soon), timed(Number.POSITIVE_INFINITY), timed(soon)];
  const heard: string[] = [];
  void gone.late.then(() => heard.push("gone"));
  void after.late.then(() => heard.push("after"));
  gone.wait.deadline = Number.POSITIVE_INFINITY;
  after.wait.end(ok);
  after.wait.deadline = soon;
  // This one was made last, and deadlines come in their order.
  await marker.late;
  await turn();
  expect(heard).toEqual([]);
});
