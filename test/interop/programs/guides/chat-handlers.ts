import { Metadata, RpcError, status } from "gen-stubs-runtime";
import type { ChatHandlers } from "../../gen/chat_grpc.js";
import { Track } from "../track.js";

/** Answers each message; "bye" ends the call and "boom" fails it. */
export const chatHandlers: ChatHandlers = {
  chatStream(call) {
    const track = new Track(call, "chatStream");
    return track.run(async () => {
      const header = new Metadata();
      for (const value of call.metadata.get("x-client")) header.add("x-echo", value);
      for (const value of call.metadata.get("x-client-bin")) header.add("x-echo-bin", value);
      call.sendHeader(header);
      for await (const { message, timestamp } of call) {
        track.received++;
        if (message === "bye") return;
        if (message === "boom") throw new RpcError(status.ABORTED, "boom it is");
        await call.send({ user: "server", message: `echo: ${message}`, timestamp });
        track.sent++;
      }
      call.trailer.set("x-received", String(track.received));
    });
  },
};
