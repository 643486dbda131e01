import { CHANNEL_CLOSED } from "../core/closed-channel.js";
import { isPeerReset } from "../core/peer-reset.js";
import type { StatusObject } from "../core/rpc-error.js";
import { status } from "../core/status.js";

/**
 * What follows the end of a call:
 * - `"resume"`: another call, after a backoff.
 * - `"wait"`: another call, after ten times that backoff: the server is overloaded.
 * - `"end"`: no other call; the reader ends without an error, and its `status` is that of the call.
 * - `"throw"`: no other call; the reader fails with the call's error.
 */
export type ResumeAction = "resume" | "wait" | "end" | "throw";

/** The name of a status code: `"UNAVAILABLE"`. */
export type StatusName = Exclude<keyof typeof status, number>;

/** What follows a status: by name, or asked at each end. Statuses that it does not name (`undefined`) keep their default. */
export type StatusActions =
  | { readonly [Name in StatusName]?: ResumeAction | undefined }
  | ((ended: StatusObject) => ResumeAction | undefined);

/** Those of a stream of responses. A lost connection is UNAVAILABLE. */
export const READING: StatusActions = {
  OK: "end",
  CANCELLED: "end",
  UNAVAILABLE: "resume",
  DEADLINE_EXCEEDED: "resume",
  RESOURCE_EXHAUSTED: "wait",
};

/** Those of an upload: only its response is a good end. */
export const UPLOADING: StatusActions = {
  UNAVAILABLE: "resume",
  DEADLINE_EXCEEDED: "resume",
  RESOURCE_EXHAUSTED: "wait",
};

const ACTIONS: readonly unknown[] = ["resume", "wait", "end", "throw"];

/** What follows this status: as the user says, else by the defaults. Throws what the user's function throws. */
export function actionFor(
  ended: StatusObject,
  given: StatusActions | undefined,
  defaults: StatusActions,
): ResumeAction {
  const action = lookUp(ended, given);
  if (action === undefined) return defaultAction(ended, defaults);
  if (ACTIONS.includes(action)) return action;
  throw new TypeError(`statuses gave ${String(action)} for ${status[ended.code]}; it takes ${ACTIONS.join(", ")}`);
}

/**
 * A server that shuts down may reset its calls with CANCEL. That is a lost call, and not a CANCELLED that the server chose. A channel
 * that was closed will not connect again: waiting for it would keep the process alive without a use (P13).
 */
function defaultAction(ended: StatusObject, defaults: StatusActions): ResumeAction {
  if (ended.code === status.UNAVAILABLE && ended.details === CHANNEL_CLOSED) return "throw";
  if (ended.code === status.CANCELLED && isPeerReset(ended.metadata)) return "resume";
  return lookUp(ended, defaults) ?? "throw";
}

function lookUp(ended: StatusObject, actions: StatusActions | undefined): ResumeAction | undefined {
  if (typeof actions === "function") return actions(ended);
  return actions?.[status[ended.code] as StatusName]; // every code from 0 to 16 has its name
}

/** Throws a TypeError for a table with an unknown status or action. */
export function checkActions(given: StatusActions | undefined): void {
  if (given === undefined || typeof given === "function") return;
  for (const [name, action] of Object.entries(given)) {
    if (typeof status[name as StatusName] !== "number") throw new TypeError(`statuses: there is no status "${name}"`);
    if (action !== undefined && !ACTIONS.includes(action)) {
      throw new TypeError(`statuses.${name} is ${String(action)}; it takes ${ACTIONS.join(", ")}`);
    }
  }
}
