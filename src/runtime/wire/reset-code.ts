import { status } from "../core/metadata.js";

/** The client's deadline passes on its own clock: a reset this close before ours is its deadline, not a change of mind. */
const SLACK_MS = 50;

/** What a client's reset means: DEADLINE_EXCEEDED at its deadline (milliseconds since the epoch), CANCELLED before (P5). */
export function resetCode(deadline: number): status {
  return Date.now() >= deadline - SLACK_MS ? status.DEADLINE_EXCEEDED : status.CANCELLED;
}
