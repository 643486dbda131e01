import type { ConnectionEvent } from "../../../core/diagnostics.js";
import * as events from "../../../core/diagnostics.js";
import type { ChannelConnection } from "./channel-connection.js";

/** Tells subscribers of diagnostics what became of a connection. */
export function tellConnection(target: string, state: ConnectionEvent["state"], connection: ChannelConnection): void {
  if (!events.connection.hasSubscribers) return;
  const reason = state === "closing" || state === "closed" ? connection.lost : undefined;
  events.connection.publish({ side: "client", target, peer: connection.peer, state, reason });
}
