import { expect, test } from "vitest";
import { isPeerReset } from "../../../src/runtime/core/peer-reset.js";
import { status } from "../../../src/runtime/core/status.js";
import { ErrorCode, type ResetCause } from "../../../src/runtime/h2/index.js";
import { isUnprocessed, statusOfLostStream } from "../../../src/runtime/transport/grpc-h2/client/lost-stream.js";

const { CANCEL, REFUSED_STREAM, PROTOCOL_ERROR, NO_ERROR } = ErrorCode;
const FAR = Number.POSITIVE_INFINITY;

test.each<[number, ResetCause, boolean]>([
  [REFUSED_STREAM, "peer", true],
  [CANCEL, "peer", false],
  [NO_ERROR, "unprocessed", true],
  [REFUSED_STREAM, "connection", false],
  [REFUSED_STREAM, "local", false],
])("error code %i by %s: unprocessed is %s", (code, cause, expected) => {
  expect(isUnprocessed(code, cause)).toBe(expected);
});

test.each<[ResetCause, number, string | undefined, status, string]>([
  ["connection", NO_ERROR, undefined, status.UNAVAILABLE, "the connection was lost"],
  ["unprocessed", NO_ERROR, undefined, status.UNAVAILABLE, "the connection was lost"],
  ["peer", CANCEL, undefined, status.CANCELLED, "the server reset the stream (CANCEL)"],
  ["peer", REFUSED_STREAM, undefined, status.UNAVAILABLE, "the server reset the stream (REFUSED_STREAM)"],
  [
    "local",
    PROTOCOL_ERROR,
    undefined,
    status.INTERNAL,
    "the server broke HTTP/2 on the call's stream (PROTOCOL_ERROR)",
  ],
  [
    "local",
    PROTOCOL_ERROR,
    "why",
    status.INTERNAL,
    "the server broke HTTP/2 on the call's stream (PROTOCOL_ERROR: why)",
  ],
])("by %s with error code %i, %s: status %i", (cause, code, text, expected, details) => {
  const result = statusOfLostStream(code, cause, text, undefined, FAR);
  expect(result).toMatchObject({ code: expected, details });
  expect(isPeerReset(result.metadata)).toBe(cause === "peer");
});

test("a lost connection says why", () => {
  const lost = "127.0.0.1:1 hung up";
  const end = (cause: ResetCause) => statusOfLostStream(NO_ERROR, cause, undefined, lost, FAR).details;
  expect(end("connection")).toBe(lost);
  expect(end("unprocessed")).toBe(lost);
  expect(end("peer")).not.toContain(lost);
});

test("a server's reset at the deadline is the deadline's", () => {
  const reset = (cause: ResetCause) => statusOfLostStream(CANCEL, cause, undefined, undefined, 0).code;
  expect(reset("peer")).toBe(status.DEADLINE_EXCEEDED);
  expect(reset("connection")).toBe(status.UNAVAILABLE);
});
