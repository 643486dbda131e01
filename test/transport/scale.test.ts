import { afterEach, expect, test } from "vitest";
import { status } from "../../src/runtime/core/status.js";
import type { Http2Channel } from "../../src/runtime/transport/grpc-h2/index.js";
import { http2Channel, type Listening, listenHttp2 } from "./listen.js";
import { bytesMethod, methodServers, ok, Recorder, ServerRecorder, text } from "./support.js";

const STREAMS = 10_000;
let server: Listening;
let channel: Http2Channel;

afterEach(async () => {
  await channel.close();
  await server.shutdown();
});

test("10,000 streams are open at once, over several connections, and none is left after a cancel", async () => {
  let open = 0;
  let noneLeft = () => {};
  const allGone = new Promise<void>((resolve) => {
    noneLeft = resolve;
  });
  server = await listenHttp2(
    methodServers({
      Hold: (stream) => {
        open++;
        stream.write(text("here"));
        return {
          onReadable() {},
          onHalfClose() {},
          onDrain() {},
          onCancel() {
            stream.handlerDone();
            if (--open === 0) noneLeft();
          },
        };
      },
    }),
  );
  channel = http2Channel(`http://${server.address}`);
  const calls = Array.from({ length: STREAMS }, () => Recorder.start(channel, bytesMethod("Hold")));
  await Promise.all(calls.map((call) => call.until(() => call.messages.length > 0 || call.settled !== undefined)));
  expect(calls.filter((call) => call.settled !== undefined)).toEqual([]);
  expect(open).toBe(STREAMS);
  for (const call of calls) call.stream.cancel(status.CANCELLED, "that will do");
  for (const call of calls) expect((await call.status).code).toBe(status.CANCELLED);
  await allGone;
}, 120_000);

test("calls beyond the server's limit use a further connection, and wait when there may be none", async () => {
  let open = 0;
  let most = 0;
  let held: (() => void)[] | undefined = [];
  server = await listenHttp2(
    methodServers({
      Once: (stream) => {
        most = Math.max(most, ++open);
        const answer = () => {
          open--;
          stream.finish(ok());
          stream.handlerDone();
        };
        return {
          onReadable() {},
          onHalfClose() {
            if (held === undefined) setImmediate(answer);
            else if (held.push(answer) === 6) {
              for (const one of held) setImmediate(one);
              held = undefined;
            }
          },
          onDrain() {},
          onCancel() {},
        };
      },
    }),
    "127.0.0.1:0",
    { maxConcurrentStreams: 3 },
  );
  channel = http2Channel(`http://${server.address}`, { maxConnections: 2 });
  const calls = Array.from({ length: 50 }, () => {
    const call = Recorder.start(channel, bytesMethod("Once"));
    call.stream.closeSend();
    return call;
  });
  for (const call of calls) expect(await call.status).toMatchObject({ code: status.OK });
  expect(most).toBe(6);
});

test("a client that cancels all the time keeps its other calls", async () => {
  server = await listenHttp2(
    methodServers({
      Hold: (stream) => {
        stream.write(text("here"));
        return new ServerRecorder(stream);
      },
    }),
  );
  channel = http2Channel(`http://${server.address}`);
  const kept = Recorder.start(channel, bytesMethod("Hold"));
  for (let round = 0; round < 150; round++) {
    const calls = Array.from({ length: 20 }, () => Recorder.start(channel, bytesMethod("Hold")));
    await Promise.all(calls.map((call) => call.until(() => call.messages.length > 0 || call.settled !== undefined)));
    for (const call of calls) {
      expect(call.settled).toBeUndefined();
      call.stream.cancel(status.CANCELLED, "");
    }
  }
  expect(kept.settled).toBeUndefined();
}, 60_000);
