import type { CallTotals, ChannelStats, ConnectionStats } from "./transport.js";

/** What is open over some connections. */
export function statsOf(
  connections: readonly ConnectionStats[],
  waitingCalls: number,
  calls: CallTotals,
): ChannelStats {
  let openCalls = waitingCalls;
  let queuedBytes = 0;
  for (const connection of connections) {
    openCalls += connection.openCalls;
    queuedBytes += connection.queuedBytes;
  }
  return { openCalls, waitingCalls, connections, queuedBytes, calls };
}
