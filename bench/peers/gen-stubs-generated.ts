import { connect, Server } from "gen-stubs-runtime";
import { BenchClient, type BenchHandlers, BenchService } from "../gen/es-generated/bench_grpc.js";
import { itemOf } from "../item.js";
import type { Peer } from "../peer.js";
import { countOf, GenStubsBatchClient, inBatches, release } from "./gen-stubs-batches.js";
import { GenStubsClient } from "./gen-stubs-client.js";
import { handlers, messages } from "./gen-stubs-es.js";

async function serve(served: BenchHandlers): Promise<number> {
  return (await new Server().add(BenchService, served).listen("127.0.0.1:0")).port;
}

function clientOf(port: number): BenchClient {
  return new BenchClient(connect(`http://127.0.0.1:${port}`));
}

/** Codecs that were generated (`codec=generated`), used as those of the default. */
export const http2Generated: Peer = {
  serve: () => serve(handlers),
  connect: (port) => new GenStubsClient(clientOf(port), messages),
};

const batchHandlers: BenchHandlers = {
  ...handlers,
  async serverStream({ size, count }, call) {
    for (const batch of inBatches(itemOf(size), count)) await call.sendAll(batch);
  },
  async clientStream(call) {
    await call.sendAndClose({ count: await countOf(call.batches()) });
  },
  async echo(call) {
    for await (const batch of call.batches()) {
      await call.sendAll(batch);
      release(batch);
    }
  },
};

/** The same, where many messages are sent and read at a time, and released. */
export const http2Batches: Peer = {
  serve: () => serve(batchHandlers),
  connect: (port) => new GenStubsBatchClient(clientOf(port), messages),
};
