import { type Channel, createChannel, createClient, createServer } from "nice-grpc";
import {
  BenchDefinition,
  type BenchServiceImplementation,
  type Item,
  type BenchClient as Stub,
} from "../gen/nice-grpc/bench.js";
import { itemOf } from "../item.js";
import { type BenchClient, expectCount, type Peer } from "../peer.js";

const handlers: BenchServiceImplementation = {
  unary: async (item) => item,
  async *serverStream({ size, count }) {
    const item = itemOf(size);
    for (let i = 0; i < count; i++) yield item;
  },
  async clientStream(items) {
    let count = 0;
    for await (const _ of items) count++;
    return { count };
  },
  async *echo(items) {
    yield* items;
  },
};

async function* repeat(size: number, count: number): AsyncIterable<Item> {
  const item = itemOf(size);
  for (let i = 0; i < count; i++) yield item;
}

class Client implements BenchClient {
  readonly #stub: Stub;

  constructor(channel: Channel) {
    this.#stub = createClient(BenchDefinition, channel);
  }

  async unary(size: number): Promise<void> {
    await this.#stub.unary(itemOf(size));
  }

  serverStream(size: number, count: number): Promise<void> {
    return read(this.#stub.serverStream({ size, count }), count);
  }

  async clientStream(size: number, count: number): Promise<void> {
    expectCount((await this.#stub.clientStream(repeat(size, count))).count, count);
  }

  firehose(size: number, count: number): Promise<void> {
    return read(this.#stub.echo(repeat(size, count)), count);
  }

  async pingPong(size: number, count: number): Promise<void> {
    let next: (() => void) | undefined;
    async function* requests() {
      for (let i = 0; i < count; i++) {
        yield itemOf(size);
        await new Promise<void>((resolve) => {
          next = resolve;
        });
      }
    }
    let received = 0;
    for await (const _ of this.#stub.echo(requests())) {
      received++;
      next?.();
    }
    expectCount(received, count);
  }
}

async function read(items: AsyncIterable<Item>, expected: number): Promise<void> {
  let count = 0;
  for await (const _ of items) count++;
  expectCount(count, expected);
}

/** nice-grpc over grpc-js, ts-proto messages. */
export const peer: Peer = {
  async serve() {
    const server = createServer();
    // Its types want exact partials, which ts-proto's are not.
    server.add(BenchDefinition, handlers as never);
    return server.listen("127.0.0.1:0");
  },
  connect: (port) => new Client(createChannel(`127.0.0.1:${port}`)),
};
