/** A chat room: what one member sends goes to all others. */
import { Server } from "gen-stubs-runtime";
import { type ChatHandlers, ChatService } from "./gen/chat_grpc.js";

const room = new Set<Parameters<ChatHandlers["chatStream"]>[0]>();

const server = new Server({ onError: (error) => console.error(error) });

server.add(ChatService, {
  async chatStream(call) {
    room.add(call);
    // The caller may now rely on hearing everything that is said.
    call.sendHeader();
    try {
      for await (const { user, message } of call) {
        const others = [...room].filter((member) => member !== call);
        // Waits until all have room for it, so a member who reads slowly slows the room down instead of filling its memory.
        // Who is just leaving does not matter to the rest.
        await Promise.allSettled(
          others.map((member) => member.send({ user, message, timestamp: new Date().toISOString() })),
        );
      }
    } finally {
      room.delete(call);
    }
  },
});

const { address } = await server.listen(process.argv[2] ?? "127.0.0.1:50051");
console.log(`listening on ${address}`);

process.once("SIGTERM", () => server.shutdown({ graceMs: 5_000 }));
