import type { ReceivedMessages } from "../transport/transport.js";

/** What a call has received that has no stream yet, or never gets one. */
export const NO_MESSAGES: ReceivedMessages<never> = {
  waiting: 0,
  next: () => {
    throw new RangeError("nothing waits");
  },
  drop: () => {},
};
