import { afterEach, expect, test } from "vitest";
import { monotonicMs } from "../../../src/runtime/core/clock.js";
import { status } from "../../../src/runtime/core/status.js";
import type { Http2Channel } from "../../../src/runtime/transport/grpc-h2/index.js";
import { type RawPeer, RawServer } from "../../fault/raw-peer.js";
import { http2Channel } from "../listen.js";
import { bytesMethod, Recorder } from "../support.js";

const MAX_CONCURRENT_STREAMS = 3;
const DEADLINE_MS = 400;

let server: RawServer;
let channel: Http2Channel;
afterEach(async () => {
  await channel.close();
  await server.close();
});

/** A call on a channel whose server does this with every connection; how many came until the call was over. */
async function connections(
  greeting: [id: number, value: number][],
  onPeer: (peer: RawPeer) => void,
  waitForReady: boolean,
): Promise<{ count: number; code: status; details: string }> {
  server = await RawServer.listen();
  server.greeting = greeting;
  channel = http2Channel(server.target);
  const call = Recorder.start(channel, bytesMethod("M"), { waitForReady, deadline: monotonicMs() + DEADLINE_MS });
  let seen = 0;
  while (call.settled === undefined) {
    for (; seen < server.peers.length; seen++) onPeer(server.peers[seen]!);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return { count: server.peers.length, ...call.settled };
}

// The first wait of the backoff is 1 s give or take a fifth: within a call's 400 ms there is no second attempt.
test.each([false, true])(
  "a server that allows no call and hangs up: one connection (waitForReady: %s)",
  async (wait) => {
    const seen = await connections([[MAX_CONCURRENT_STREAMS, 0]], (peer) => void peer.socket.end(), wait);
    expect(seen.count).toBe(1);
    expect(seen.code).toBe(wait ? status.DEADLINE_EXCEEDED : status.UNAVAILABLE);
  },
);

test.each([false, true])("a server that allows no call and stays: one connection (waitForReady: %s)", async (wait) => {
  const seen = await connections([[MAX_CONCURRENT_STREAMS, 0]], () => {}, wait);
  expect(seen).toMatchObject({ count: 1, code: status.DEADLINE_EXCEEDED });
  expect(seen.details).toMatch(/waiting for .* to allow calls: it says SETTINGS_MAX_CONCURRENT_STREAMS 0/);
});

test.each([false, true])(
  "a server that says GOAWAY at once: the call is tried on two (waitForReady: %s)",
  async (wait) => {
    const seen = await connections([], (peer) => peer.goaway(0, 0), wait);
    expect(seen.count).toBeLessThanOrEqual(2);
    expect(seen.code).toBe(status.UNAVAILABLE);
  },
);

test.each([false, true])("a server that resets every connection: one (waitForReady: %s)", async (wait) => {
  const seen = await connections([], (peer) => peer.socket.resetAndDestroy(), wait);
  expect(seen.count).toBe(1);
  expect(seen.code).not.toBe(status.OK);
});
