import { afterEach, describe, expect, test } from "vitest";
import { status } from "../../src/runtime/core/status.js";
import type { Http2Channel } from "../../src/runtime/transport/grpc-h2/index.js";
import { Random } from "../harness/random.js";
import { Relay, type RelayConnection } from "../harness/relay/index.js";
import { http2Channel, type Listening, listenHttp2 } from "./listen.js";
import { bytesMethod, echo, methodServers, Recorder } from "./support.js";

const seeds = Array.from({ length: 10 }, (_, i) => i + 1);
let server: Listening;
let channel: Http2Channel;
let relay: Relay;

afterEach(async () => {
  await channel.close();
  await relay.close();
  await server.shutdown();
});

/** A call of the echo, over a relay. */
async function call(seed: number, onConnection?: (connection: RelayConnection) => void): Promise<Recorder> {
  server = await listenHttp2(methodServers({ Echo: echo }));
  relay = await Relay.start({ target: { port: server.port }, seed }, onConnection);
  channel = http2Channel(`http://127.0.0.1:${relay.port}`);
  return Recorder.start(channel, bytesMethod("Echo"));
}

/** Messages of all sizes: about 400 KB. */
function messages(seed: number): Uint8Array[] {
  const random = new Random(seed);
  return Array.from({ length: 60 }, () =>
    new Uint8Array(Math.floor(60_000 ** random.next())).fill(random.below(256)),
  ).concat(new Uint8Array(0), new Uint8Array(100_000).fill(7));
}

function sendAll({ stream }: Recorder, list: readonly Uint8Array[]): void {
  for (const message of list) stream.write(message);
  stream.closeSend();
}

describe("over a bad network", () => {
  test.each(seeds)("every message arrives, however the bytes are cut, seed %i", async (seed) => {
    const echoed = await call(seed);
    const sent = messages(seed);
    sendAll(echoed, sent);
    expect(await echoed.status).toMatchObject({ code: status.OK });
    expect(echoed.messages.map(({ length }) => length)).toEqual(sent.map(({ length }) => length));
    expect(echoed.messages.every((message, i) => message[0] === sent[i]![0])).toBe(true);
  });

  test.each(seeds)(
    "a connection reset at any byte is UNAVAILABLE, and no message is made up, seed %i",
    async (seed) => {
      // Behind the settings, so that the call is on its way, and before the end of what is echoed.
      const offset = 1_000 + new Random(seed).below(150_000);
      const echoed = await call(seed, (connection) => connection.toClient.at(offset, () => connection.reset()));
      const sent = messages(seed);
      sendAll(echoed, sent);
      expect(await echoed.status).toMatchObject({ code: status.UNAVAILABLE });
      expect(echoed.messages.length).toBeLessThan(sent.length);
      expect(echoed.messages.every((message, i) => message.length === sent[i]!.length)).toBe(true);
    },
  );
});
