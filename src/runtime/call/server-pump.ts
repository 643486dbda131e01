import type { MessageSender } from "./client-types.js";

/** Where a handler returned an AsyncIterable: sends what it yields, and is done when that is. */
export function pumpOutcome<Init>(outcome: unknown, sender: MessageSender<Init>): unknown {
  if (typeof outcome !== "object" || outcome === null || !(Symbol.asyncIterator in outcome)) return outcome;
  return sender.sendAll(outcome as AsyncIterable<Init>); // the handler's type says what it yields; the codec checks
}
