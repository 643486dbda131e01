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

/** What is open in both parts. */
export function addStats(one: ChannelStats, other: ChannelStats): ChannelStats {
  return {
    openCalls: one.openCalls + other.openCalls,
    waitingCalls: one.waitingCalls + other.waitingCalls,
    connections: [...one.connections, ...other.connections],
    queuedBytes: one.queuedBytes + other.queuedBytes,
    calls: {
      started: one.calls.started + other.calls.started,
      succeeded: one.calls.succeeded + other.calls.succeeded,
      failed: one.calls.failed + other.calls.failed,
    },
  };
}
