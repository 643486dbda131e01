/** Answers each request with five pieces. Every call runs by itself, so five at once take as long as one. */
import { setTimeout } from "node:timers/promises";
import { Server } from "gen-stubs-runtime";
import { StreamServiceService } from "./gen/stream_grpc.js";

const server = new Server({ onError: (error) => console.error(error) });

server.add(StreamServiceService, {
  async *fetchResponse({ id }, call) {
    for (let piece = 1; piece <= 5; piece++) {
      await setTimeout(20, undefined, { signal: call.signal });
      yield { result: `request ${id}, piece ${piece}` };
    }
  },
});

const { address } = await server.listen(process.argv[2] ?? "127.0.0.1:50051");
console.log(`listening on ${address}`);

process.once("SIGTERM", () => server.shutdown({ graceMs: 5_000 }));
