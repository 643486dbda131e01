import { expect, onTestFinished, test } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { http2Transport, Server } from "../../src/runtime/index.js";
import { TrialService, withDefaults } from "../contract/harness/trial-service.js";
import { END_STREAM, frame, HEADERS, message, PING, RST_STREAM } from "./frames.js";
import { rawClient } from "./raw-peer.js";

const GREET = "/contract.v1.Trial/Greet";
const [CANCEL, REFUSED_STREAM] = [8, 7];

test("P9 handlers that run on behind calls that are over count for maxConcurrentStreams", async () => {
  const running: Deferred<void>[] = [];
  const begun: (() => void)[] = [];
  const server = new Server({ transport: http2Transport({ maxConcurrentStreams: 2 }), onError: () => {} }).add(
    TrialService,
    withDefaults({
      async greet(request) {
        const go = new Deferred<void>();
        running.push(go);
        begun.shift()?.();
        await go.promise;
        return request;
      },
    }),
  );
  onTestFinished(() => server.shutdown());
  const { port } = await server.listen("127.0.0.1:0");
  const peer = await rawClient(port);
  onTestFinished(() => void peer.socket.destroy());
  const ask = (id: number): Promise<void> => {
    const heard = new Promise<void>((resolve) => begun.push(resolve));
    peer.request(id, GREET);
    peer.data(id, message(""), END_STREAM);
    return heard;
  };
  for (const id of [1, 3]) {
    const heard = ask(id);
    await heard;
    peer.reset(id, CANCEL);
  }
  // Both calls are over, both handlers are not.
  void ask(5);
  const refused = await peer.next(({ type }) => type === RST_STREAM);
  expect([refused.stream, refused.payload.readUInt32BE(0), running.length]).toEqual([5, REFUSED_STREAM, 2]);
  begun.length = 0;
  running[0]!.resolve();
  await new Promise((resolve) => setImmediate(resolve)); // so that the handler is done
  const heard = ask(7);
  await heard;
  running[2]!.resolve();
  const answer = await peer.next(({ type, stream }) => type === HEADERS && stream === 7);
  expect(answer.stream).toBe(7);
  running[1]!.resolve();
  peer.send(frame(PING, 0, 0, Buffer.from("theend!!")));
  await peer.next(({ type }) => type === PING);
});
