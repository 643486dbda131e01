import { test } from "vitest";
import { http2Channel, listenHttp2 } from "./listen.js";
import { bytesMethod, methodServers, ok, Recorder, ServerRecorder } from "./support.js";
test("both", async () => {
  const chunk = Buffer.alloc(64 * 1024);
  const each = 100;
  const servers: any[] = [];
  const listener = await listenHttp2(methodServers({
    Both: (stream) => {
      const recorder = new ServerRecorder(stream);
      let sent = 0;
      servers.push({ s: stream, sent: () => sent, got: 0, r: recorder });
      const me = servers.at(-1);
      const pump = () => {
        while (sent < each) { sent++; if (!stream.write(chunk)) return; }
        if (recorder.halfClosed) recorder.finish(ok());
      };
      recorder.onDrain = pump;
      recorder.onReadable = () => { while (stream.received.waiting > 0) { stream.received.next(); me.got++; } };
      recorder.onHalfClose = () => { recorder.halfClosed = true; if (sent === each) recorder.finish(ok()); };
      queueMicrotask(pump);
      return recorder;
    },
  }));
  const channel = http2Channel(`http://${listener.address}`);
  const clients: any[] = [];
  for (let i = 0; i < 16; i++) {
    const call = Recorder.start(channel, bytesMethod("Both"));
    let sent = 0;
    clients.push({ call, sent: () => sent });
    const pump = () => { while (sent < each) { sent++; if (!call.stream.write(chunk)) return; } call.stream.closeSend(); };
    call.onDrain = pump;
    pump();
  }
  await new Promise((r) => setTimeout(r, 4000));
  for (const s of servers) console.log("server", s.sent(), s.got, s.r.halfClosed, JSON.stringify(s.s.__dbg?.()));
  for (const c of clients) console.log("client", c.sent(), c.call.messages.length, c.call.settled?.code, JSON.stringify(c.call.stream.__dbg?.()));
}, 10000);
