import type { Channel } from "gen-stubs-runtime/codegen-v1";
import { BenchClient, type BenchHandlers, BenchService } from "../gen/es/bench_grpc.js";
import { itemOf } from "../item.js";
import { GenStubsClient } from "./gen-stubs-client.js";

export { BenchService as service };

/** Generated stubs with protobuf-es messages. */
export const handlers: BenchHandlers = {
  unary: (item) => item,
  async serverStream({ size, count }, call) {
    const item = itemOf(size);
    for (let i = 0; i < count; i++) await call.send(item);
  },
  async clientStream(call) {
    let count = 0;
    for await (const _ of call) count++;
    await call.sendAndClose({ count });
  },
  async echo(call) {
    for await (const item of call) await call.send(item);
  },
};

/** For the clients; generated codecs have messages of the same shape. */
export const messages = {
  item: itemOf,
  order: (size: number, count: number) => ({ size, count }),
  readTotal: ({ count }: { readonly count: number }) => count,
};

export function clientOf(channel: Channel) {
  return new GenStubsClient(new BenchClient(channel), messages);
}
