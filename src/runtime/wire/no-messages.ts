import type { ReceivedMessages } from "../transport/transport.js";

/** The received messages (none) of a call without a stream. */
export const NO_MESSAGES: ReceivedMessages<never> = {
  waiting: 0,
  next: () => {
    throw new RangeError("nothing waits");
  },
  drop: () => {},
};
