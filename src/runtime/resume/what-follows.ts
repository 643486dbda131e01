import { observe } from "../core/observe.js";
import type { RpcError } from "../core/rpc-error.js";
import type { AttemptWaits } from "./attempt-waits.js";
import type { Ending } from "./ending.js";
import type { Attempts, ResumeOptions, ResumeToken } from "./resume-options.js";
import { actionFor, READING } from "./status-actions.js";

/** What follows a call that ended: a further call after a wait, the end, or the end because a function of the user's threw. */
export type WhatFollows =
  | { readonly kind: "call"; readonly delayMs: number }
  | { readonly kind: "end"; readonly error: RpcError | undefined }
  | { readonly kind: "fault"; readonly name: "statuses" | "onResume"; readonly cause: unknown };

/** Decides what follows, and tells `onResume` of a further call; that begins behind `token`. */
export function whatFollows<Message, Token extends ResumeToken>(
  { status, error }: Ending,
  token: Token | undefined,
  waits: Pick<AttemptWaits, "ended" | "delayMs">,
  { statuses, maxAttempts }: Pick<Attempts, "statuses" | "maxAttempts">,
  { onResume }: Pick<ResumeOptions<Message, Token>, "onResume">,
): WhatFollows {
  const attempt = waits.ended();
  let name: "statuses" | "onResume" = "statuses";
  try {
    const action = actionFor(status, statuses, READING);
    if (action === "end") return { kind: "end", error: undefined };
    if (action === "throw" || attempt >= maxAttempts) return { kind: "end", error }; // none for OK, whatever was asked for
    const delayMs = waits.delayMs(status, action);
    name = "onResume";
    observe(onResume?.({ attempt, error, token, delayMs }));
    return { kind: "call", delayMs };
  } catch (cause) {
    return { kind: "fault", name, cause };
  }
}
