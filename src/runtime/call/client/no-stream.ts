import type { ClientStream } from "../../transport/transport.js";
import { NO_MESSAGES } from "../../wire/no-messages.js";

/** The stream of a call that never started. */
export const NO_STREAM: ClientStream<unknown, never> = {
  peer: "unknown",
  received: NO_MESSAGES,
  write: () => true,
  closeSend: () => {},
  cancel: () => {},
};
