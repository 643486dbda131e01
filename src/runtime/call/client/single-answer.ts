import type { ReceivedMessages } from "../../transport/transport.js";

/** The one response of a call that an interceptor answered, as a call takes its messages. */
export function singleAnswer<Out>(response: Out): ReceivedMessages<Out> {
  let waiting = 1;
  return {
    get waiting() {
      return waiting;
    },
    next() {
      waiting = 0;
      return response;
    },
    drop() {
      waiting = 0;
    },
  };
}
