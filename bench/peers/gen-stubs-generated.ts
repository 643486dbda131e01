import type { Channel } from "gen-stubs-runtime/codegen-v1";
import { BenchClient, type BenchHandlers, BenchService } from "../gen/es-generated/bench_grpc.js";
import type { Total } from "../gen/es-generated/bench_pb.js";
import { itemOf } from "../item.js";
import { GenStubsBatchClient, inBatches } from "./gen-stubs-batches.js";
import { GenStubsClient } from "./gen-stubs-client.js";
import { handlers } from "./gen-stubs-es.js";

export { BenchService as service };

/** Codecs that were generated (`codec=generated`), used as those of the default. */
export const generatedHandlers: BenchHandlers = handlers;

const messages = {
  item: itemOf,
  order: (size: number, count: number) => ({ size, count }),
  readTotal: ({ count }: Total) => count,
};

export function generatedClientOf(channel: Channel) {
  return new GenStubsClient(new BenchClient(channel), messages);
}

/** The same, where many messages are sent and read at a time. */
export const batchHandlers: BenchHandlers = {
  ...handlers,
  async serverStream({ size, count }, call) {
    for (const batch of inBatches(itemOf(size), count)) await call.sendAll(batch);
  },
  async clientStream(call) {
    let count = 0;
    for await (const batch of call.batches()) count += batch.length;
    await call.sendAndClose({ count });
  },
  async echo(call) {
    for await (const batch of call.batches()) await call.sendAll(batch);
  },
};

export function batchClientOf(channel: Channel) {
  return new GenStubsBatchClient(new BenchClient(channel), messages);
}
