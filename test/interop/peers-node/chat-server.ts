// The Chat service on plain grpc-js with event handlers: chat-server.js FOLDER_OF_CHAT_PROTO
import { Metadata, Server, ServerCredentials, type ServerDuplexStream, status } from "@grpc/grpc-js";
import { type ChatMessage, loadChat } from "./chat-package.js";
import { emit } from "./emit.js";

function chatStream(call: ServerDuplexStream<ChatMessage, ChatMessage>): void {
  let received = 0;
  let sent = 0;
  let over = false;
  const deadline = Number(call.getDeadline());
  const timeLeftMs = Number.isFinite(deadline) ? deadline - Date.now() : -1;
  const end = (outcome: string): void => {
    if (over) return;
    over = true;
    const id = String(call.metadata.get("x-call-id")[0] ?? "");
    emit({ event: "end", id, method: "chatStream", outcome, sent, received, timeLeftMs });
  };
  const echo = call.metadata.get("x-client-bin");
  if (echo.length > 0) {
    const header = new Metadata();
    for (const value of echo) header.add("x-echo-bin", value);
    for (const value of call.metadata.get("x-client")) header.add("x-echo", value);
    call.sendMetadata(header);
  }
  call.on("data", (message: ChatMessage) => {
    received++;
    if (message.message === "bye") {
      end("ok");
      call.end();
    } else if (message.message === "boom") {
      end(`status:${status.ABORTED}`);
      call.emit("error", { code: status.ABORTED, details: "boom it is" });
    } else {
      sent++;
      call.write({ user: "server", message: `echo: ${message.message}`, timestamp: message.timestamp });
    }
  });
  call.on("end", () => {
    if (call.cancelled) return;
    // grpc-js reports a cancel after the end of the stream: wait a turn before taking it for a true end.
    setImmediate(() => {
      end(call.cancelled ? "cancelled" : "ok");
      const trailer = new Metadata();
      trailer.set("x-received", String(received));
      call.end(trailer);
    });
  });
  call.on("cancelled", () => end("cancelled"));
  call.on("error", () => {});
}

const server = new Server();
server.addService(loadChat(process.argv[2] ?? "").service, { chatStream });
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  emit({ port });
});
