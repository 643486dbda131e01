import { peerResetStatus } from "../../../core/peer-reset.js";
import { type StatusObject, statusObject } from "../../../core/rpc-error.js";
import * as Code from "../../../core/status-code.js";
import { ErrorCode, errorCodeName, type ResetCause } from "../../../h2/index.js";
import { statusOfBrokenAnswer } from "../../../wire/deadline-code.js";
import { statusOfReset } from "../../../wire/status-mapping.js";

/** Whether the server has done nothing for a call whose stream ended so: it may be sent again (RFC 9113, section 8.7). */
export function isUnprocessed(code: number, cause: ResetCause): boolean {
  return cause === "unprocessed" || (cause === "peer" && code === ErrorCode.REFUSED_STREAM);
}

/**
 * What becomes of a call whose stream ended before its status came.
 *
 * @param code the HTTP/2 error code
 * @param lost why the connection is gone, where it is
 */
export function statusOfLostStream(
  code: number,
  cause: ResetCause,
  text: string | undefined,
  lost: string | undefined,
  deadline: number,
): StatusObject {
  if (cause === "connection" || cause === "unprocessed") {
    return statusObject(Code.UNAVAILABLE, lost ?? "the connection was lost");
  }
  const name = errorCodeName(code);
  if (cause === "peer") {
    const reset = peerResetStatus(statusOfReset(code), `the server reset the stream (${name})`);
    return statusOfBrokenAnswer(reset, deadline);
  }
  const fault = text === undefined ? name : `${name}: ${text}`;
  return statusObject(Code.INTERNAL, `the server broke HTTP/2 on the call's stream (${fault})`);
}
