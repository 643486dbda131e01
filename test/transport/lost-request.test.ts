import { expect, test } from "vitest";
import { whyRequestLost } from "../../src/runtime/transport/lost-request.js";

test.each([
  [8, "peer", undefined, undefined, "the client reset the stream (CANCEL)"],
  [0x99, "peer", undefined, "gone", "the client reset the stream (error code 0x99)"],
  [3, "local", undefined, undefined, "the client broke HTTP/2 on the call's stream (FLOW_CONTROL_ERROR)"],
  [
    3,
    "local",
    "DATA beyond the window",
    undefined,
    "the client broke HTTP/2 on the call's stream (FLOW_CONTROL_ERROR: DATA beyond the window)",
  ],
  [0, "connection", undefined, undefined, "the connection was lost"],
  [0, "connection", undefined, "read ECONNRESET", "the connection was lost: read ECONNRESET"],
  [0, "unprocessed", undefined, "a GOAWAY", "the connection was lost: a GOAWAY"],
] as const)("a request's stream that ended with code %i, by %s (%s; connection: %s): %s", (...row) => {
  const [code, cause, text, lost, why] = row;
  expect(whyRequestLost(code, cause, text, lost)).toBe(why);
});
