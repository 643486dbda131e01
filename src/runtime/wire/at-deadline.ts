import { status } from "../core/metadata.js";

/** How far apart the two ends' timers of one deadline may be, in milliseconds. */
const SLACK_MS = 10;

/**
 * The code of a call that the server cancelled without a status of its own. Servers reset a call whose deadline has passed
 * (grpc-go with CANCEL), and may be a moment before us: that is DEADLINE_EXCEEDED on both sides (P5).
 *
 * @param deadline milliseconds since the epoch
 */
export function codeAtDeadline(code: status, deadline: number): status {
  return code === status.CANCELLED && deadline - Date.now() <= SLACK_MS ? status.DEADLINE_EXCEEDED : code;
}
