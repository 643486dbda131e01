import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { type Client as ConnectClient, type ConnectRouter, createClient, type Transport } from "@connectrpc/connect";
import { connectNodeAdapter, createGrpcTransport } from "@connectrpc/connect-node";
import { Bench } from "../gen/es/bench_pb.js";
import { itemOf } from "../item.js";
import { type BenchClient, expectCount, type Peer } from "../peer.js";

type Item = ReturnType<typeof itemOf>;

async function* repeat(size: number, count: number): AsyncIterable<Item> {
  const item = itemOf(size);
  for (let i = 0; i < count; i++) yield item;
}

async function read(items: AsyncIterable<unknown>, expected: number): Promise<void> {
  let count = 0;
  for await (const _ of items) count++;
  expectCount(count, expected);
}

export function routes(router: ConnectRouter): void {
  router.service(Bench, {
    unary: (item) => item,
    serverStream: ({ size, count }) => repeat(size, count),
    async clientStream(items) {
      let count = 0;
      for await (const _ of items) count++;
      return { count };
    },
    async *echo(items) {
      yield* items;
    },
  });
}

/** Its client, over whichever of its transports. */
export class ConnectNodeClient implements BenchClient {
  readonly #stub: ConnectClient<typeof Bench>;

  constructor(transport: Transport) {
    this.#stub = createClient(Bench, transport);
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

/** connect-node with its gRPC transport, protobuf-es messages. */
export const peer: Peer = {
  async serve() {
    const server = createServer(connectNodeAdapter({ routes }));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  },
  connect: (port) => new ConnectNodeClient(createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` })),
};
