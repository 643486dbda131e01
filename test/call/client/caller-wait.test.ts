import { expect, test } from "vitest";
import { CallerWait } from "../../../src/runtime/call/client/caller-wait.js";
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
