import { expect, test } from "vitest";
import { status } from "../../../src/runtime/core/status.js";
import { http2Channel, listenHttp2 } from "../listen.js";
import { bytesMethod, echo, methodServers, Recorder, text } from "../support.js";

test("an echo", async () => {
  const server = await listenHttp2(methodServers({ Echo: echo }));
  const channel = http2Channel(`http://${server.address}`);
  const call = Recorder.start(channel, bytesMethod("Echo"));
  call.stream.write(text("hi"));
  call.stream.closeSend();
  expect(await call.status).toMatchObject({ code: status.OK });
  expect(call.text).toEqual(["hi"]);
  await channel.close();
  await server.shutdown();
});
