import { messageOf } from "../../core/rpc-error.js";

/** Why fetch failed, as text. Node gives the reason in `cause`; browsers hide it from the page. */
export function fetchFailure(error: unknown): string {
  const texts: string[] = [];
  let at: unknown = error;
  for (let depth = 0; depth < 4 && at !== undefined && at !== null; depth++) {
    const text = messageOf(at) || codeOf(at);
    if (text !== "" && !texts.includes(text)) texts.push(text);
    at = at instanceof Error ? at.cause : undefined;
  }
  return texts.join(": ");
}

/** Errors of several attempts to connect (`AggregateError`) have no text, but a code. */
function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}
