import { credentials } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { status } from "../../src/runtime/core/status.js";
import { grpcJsChannel } from "../../src/runtime/grpc-js.js";
import type { Channel } from "../../src/runtime/transport/transport.js";
import { http2Channel, listenHttp2 } from "./listen.js";
import { bytesMethod, echo, methodServers, Recorder, text } from "./support.js";

const RESTARTS = 20;
const CALLERS = 16;

const channels: Record<string, (address: string) => Channel> = {
  "our channel": (address) => http2Channel(`http://${address}`, { initialBackoffMs: 5, maxBackoffMs: 20 }),
  "a channel of grpc-js": (address) =>
    grpcJsChannel(address, credentials.createInsecure(), {
      "grpc.initial_reconnect_backoff_ms": 5,
      "grpc.max_reconnect_backoff_ms": 20,
    }),
};

test.each(Object.entries(channels))(
  `%s loses no call while the server is replaced ${RESTARTS} times`,
  async (_, open) => {
    const methods = methodServers({ Echo: echo });
    let listener = await listenHttp2(methods);
    const channel = open(listener.address);
    let over = false;
    let calls = 0;
    const failures: string[] = [];
    const callers = Array.from({ length: CALLERS }, async () => {
      while (!over) {
        const call = Recorder.start(channel, bytesMethod("Echo"), { waitForReady: true });
        call.stream.write(text("hi"));
        call.stream.closeSend();
        const { code, details } = await call.status;
        calls++;
        if (code !== status.OK || call.text.join() !== "hi") failures.push(`${status[code]}: ${details}`);
      }
    });
    const gone: Promise<void>[] = [];
    for (let restart = 0; restart < RESTARTS; restart++) {
      const served = calls;
      while (calls < served + 200) await new Promise((resolve) => setTimeout(resolve, 1));
      gone.push(listener.shutdown(10_000));
      listener = await listenHttp2(methods, listener.address);
    }
    over = true;
    await Promise.all(callers);
    await channel.close();
    await Promise.all([...gone, listener.shutdown()]);
    expect(failures).toEqual([]);
  },
);
