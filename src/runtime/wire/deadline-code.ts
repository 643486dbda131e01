import { monotonicMs } from "../core/clock.js";
import { status } from "../core/status.js";

/** How far apart the two ends' timers of one deadline may be, in milliseconds. */
const TIMER_SLACK_MS = 10;
/** On the server a client's reset has been under way too. */
const RESET_SLACK_MS = 50;

/**
 * The code of a call that was ended with CANCELLED or UNAVAILABLE. A server whose timer is a moment before ours ends a call so (tonic),
 * or resets it (grpc-go with CANCEL), of which a proxy makes UNAVAILABLE (nginx, Envoy): at the deadline that is
 * DEADLINE_EXCEEDED on both sides (P5).
 *
 * @param deadline on the monotonic clock
 */
export function codeAtDeadline(code: status, deadline: number, now?: number): status {
  const mayBeDeadline = code === status.CANCELLED || code === status.UNAVAILABLE;
  return mayBeDeadline ? codeOfBrokenAnswer(code, deadline, now) : code; // most are OK: the clock is not asked for them
}

/**
 * The code of a call whose answer broke off, by a reset or by an end without a status: at the deadline each means that. A proxy
 * makes INTERNAL_ERROR or a plain END_STREAM of the server's reset, and our own timer may be a moment late.
 */
export function codeOfBrokenAnswer(code: status, deadline: number, now: number = monotonicMs()): status {
  return deadline - now <= TIMER_SLACK_MS ? status.DEADLINE_EXCEEDED : code;
}

/** What a client's reset means: DEADLINE_EXCEEDED at its deadline, CANCELLED before (P5). */
export function codeOfClientReset(deadline: number, now: number = monotonicMs()): status {
  return now >= deadline - RESET_SLACK_MS ? status.DEADLINE_EXCEEDED : status.CANCELLED;
}
