import * as events from "../../../core/diagnostics.js";
import type { ChannelNews } from "../limits.js";

/** Tells subscribers of Node's diagnostics. */
export const connectionNews: ChannelNews = {
  connection(target, state, { peer, lost }) {
    if (!events.connection.hasSubscribers) return;
    const reason = state === "closing" || state === "closed" ? lost : undefined;
    events.connection.publish({ side: "client", target, peer, state, reason });
  },
  retry(method, peer, reason) {
    if (events.retry.hasSubscribers) events.retry.publish({ method, peer, reason });
  },
};
