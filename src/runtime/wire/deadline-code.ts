import { monotonicMs } from "../core/clock.js";
import type { StatusObject } from "../core/rpc-error.js";
import type { status } from "../core/status.js";
import * as Code from "../core/status-code.js";

/** How far apart the two ends' timers of one deadline may be, in milliseconds. */
const TIMER_SLACK_MS = 10;
/** On the server more, as the client's reset has also travelled. */
const RESET_SLACK_MS = 50;

/**
 * The code of a call that was ended with CANCELLED or UNAVAILABLE. A server whose timer is a moment before ours ends a call so (tonic),
 * or resets it (grpc-go with CANCEL), of which a proxy makes UNAVAILABLE (nginx, Envoy): at the deadline that is
 * DEADLINE_EXCEEDED on both sides (P5).
 *
 * @param deadline on the monotonic clock
 */
export function codeAtDeadline(code: status, deadline: number, now?: number): status {
  const mayBeDeadline = code === Code.CANCELLED || code === Code.UNAVAILABLE;
  return mayBeDeadline ? codeOfBrokenAnswer(code, deadline, now) : code; // most are OK: the clock is not asked for them
}

/**
 * The code of a call whose response broke off, by a reset or by an end without a status. At the deadline both mean DEADLINE_EXCEEDED. A proxy
 * may turn the server's reset into INTERNAL_ERROR or a plain END_STREAM, and our own timer may be a moment late.
 */
export function codeOfBrokenAnswer(code: status, deadline: number, now: number = monotonicMs()): status {
  return deadline - now <= TIMER_SLACK_MS ? Code.DEADLINE_EXCEEDED : code;
}

/** A status by {@link codeAtDeadline}. Where that is another code, the text says so first, as with our own timer. */
export function statusAtDeadline(result: StatusObject, deadline: number, now?: number): StatusObject {
  return withCode(result, codeAtDeadline(result.code, deadline, now));
}

/** A status by {@link codeOfBrokenAnswer}, its text as by {@link statusAtDeadline}. */
export function statusOfBrokenAnswer(result: StatusObject, deadline: number, now?: number): StatusObject {
  return withCode(result, codeOfBrokenAnswer(result.code, deadline, now));
}

function withCode(result: StatusObject, code: status): StatusObject {
  if (code === result.code) return result;
  const details = result.details === "" ? "deadline exceeded" : `deadline exceeded: ${result.details}`;
  return { ...result, code, details };
}

/** What a client's reset means: DEADLINE_EXCEEDED at its deadline, CANCELLED before (P5). */
export function codeOfClientReset(deadline: number, now: number = monotonicMs()): status {
  return now >= deadline - RESET_SLACK_MS ? Code.DEADLINE_EXCEEDED : Code.CANCELLED;
}
