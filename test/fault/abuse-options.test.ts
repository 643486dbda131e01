import { afterEach, describe, expect, test } from "vitest";
import type { Http2ServerOptions } from "../../src/runtime/transport/grpc-h2/index.js";
import { type Listening, listenHttp2 } from "../transport/listen.js";
import { methodServers, ServerRecorder } from "../transport/support.js";
import {
  CONTINUATION,
  DATA,
  frame,
  GOAWAY,
  HEADERS,
  headerBlock,
  PING,
  SETTINGS,
  settings,
  uint32,
  WINDOW_UPDATE,
} from "./frames.js";
import { type RawPeer, rawClient } from "./raw-peer.js";

const ENHANCE_YOUR_CALM = 11;
const PATH = "/test.Test/Record";

const open: { close?(): unknown; shutdown?(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await (one.close?.() ?? one.shutdown?.());
});

/** What becomes of a connection that does this to a server with these options: the code of its GOAWAY, or undefined where it lives on. */
async function ending(options: Http2ServerOptions, flood: (peer: RawPeer) => void): Promise<number | undefined> {
  const methods = methodServers({ Record: (stream) => new ServerRecorder(stream) });
  const server: Listening = await listenHttp2(methods, "127.0.0.1:0", options);
  open.push(server);
  const peer = await rawClient(server.port);
  open.push({ close: () => peer.socket.destroy() });
  flood(peer);
  peer.send(frame(PING, 0, 0, Buffer.from("theend!!")));
  const last = await peer.next(
    ({ type, payload }) => type === GOAWAY || (type === PING && Buffer.from(payload).toString() === "theend!!"),
  );
  return last.type === GOAWAY ? Buffer.from(last.payload).readUInt32BE(4) : undefined;
}

function times(count: number, one: (i: number) => void): void {
  for (let i = 0; i < count; i++) one(i);
}

/** By option: what a connection does that the default lets pass and the option, given so, does not. */
const OPTIONS: Readonly<
  Record<string, { readonly given: Http2ServerOptions; readonly flood: (peer: RawPeer) => void }>
> = {
  maxControlFramesPerSecond: {
    given: { maxControlFramesPerSecond: 10 },
    flood: (peer) => times(200, () => peer.send(frame(SETTINGS, 0, 0, settings([3, 7])))),
  },
  "maxResetsPerSecond, by the client": {
    given: { maxResetsPerSecond: 2 },
    flood: (peer) =>
      times(200, (i) => {
        peer.request(1 + 2 * i, PATH);
        peer.reset(1 + 2 * i, 8);
      }),
  },
  "maxResetsPerSecond, by us": {
    given: { maxResetsPerSecond: 2 },
    flood: (peer) =>
      times(200, (i) => {
        peer.request(1 + 2 * i, PATH);
        peer.send(frame(WINDOW_UPDATE, 0, 1 + 2 * i, uint32(0)));
      }),
  },
  maxEmptyFramesPerSecond: {
    given: { maxEmptyFramesPerSecond: 2 },
    flood(peer) {
      peer.request(1, PATH);
      times(200, () => peer.send(frame(DATA, 0, 1)));
    },
  },
  maxStrayFramesPerSecond: {
    given: { maxStrayFramesPerSecond: 2 },
    flood(peer) {
      peer.request(1, PATH);
      times(200, () => peer.reset(1, 8));
    },
  },
  maxHeaderBlockBytes: {
    given: { maxHeaderBlockBytes: 10_000 },
    flood(peer) {
      peer.send(frame(HEADERS, 0, 1, headerBlock([[":method", "POST"]])));
      times(10, () => peer.send(frame(CONTINUATION, 0, 1, headerBlock([["x", "y".repeat(2000)]]))));
      peer.send(frame(CONTINUATION, 4, 1, headerBlock([[":path", "late"]]))); // malformed: that stream's fault alone
    },
  },
  maxContinuationFrames: {
    given: { maxContinuationFrames: 10 },
    flood(peer) {
      peer.send(frame(HEADERS, 0, 1, headerBlock([[":method", "POST"]])));
      times(50, () => peer.send(frame(CONTINUATION, 0, 1)));
      peer.send(frame(CONTINUATION, 4, 1));
    },
  },
};

describe("limits against abuse are options", () => {
  test.each(Object.entries(OPTIONS))("%s", async (_, { given, flood }) => {
    expect(await ending({}, flood)).toBeUndefined();
    expect(await ending(given, flood)).toBe(ENHANCE_YOUR_CALM);
  });
});
