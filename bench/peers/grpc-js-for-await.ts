import { once } from "node:events";
import {
  credentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerWritableStream,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { BenchService, type Item, type Order, BenchClient as Stub, type Total } from "../gen/ts-proto/bench.js";
import { itemOf } from "../item.js";
import { type BenchClient, expectCount, type Peer } from "../peer.js";
import { peer as events } from "./grpc-js.js";
import { serveGrpcJs } from "./grpc-js-server.js";

interface Writable<T> {
  write(value: T): boolean;
  once(event: "drain", listener: () => void): unknown;
}

async function send<T>(call: Writable<T> & NodeJS.EventEmitter, value: T): Promise<void> {
  if (!call.write(value)) await once(call, "drain");
}

async function read(call: AsyncIterable<Item>, expected: number): Promise<void> {
  let count = 0;
  for await (const _ of call) count++;
  expectCount(count, expected);
}

const handlers = {
  unary(call: { request: Item }, callback: sendUnaryData<Item>) {
    callback(null, call.request);
  },
  async serverStream(call: ServerWritableStream<Order, Item>) {
    for (let i = 0; i < call.request.count; i++) await send(call, itemOf(call.request.size));
    call.end();
  },
  async clientStream(call: ServerReadableStream<Item, Total>, callback: sendUnaryData<Total>) {
    let count = 0;
    // A plain `for await` would destroy the call before its response is sent.
    for await (const _ of call.iterator({ destroyOnReturn: false })) count++;
    callback(null, { count });
  },
  async echo(call: ServerDuplexStream<Item, Item>) {
    for await (const item of call.iterator({ destroyOnReturn: false })) await send(call, item as Item);
    call.end();
  },
};

class Client implements BenchClient {
  readonly #stub: Stub;
  readonly #events: BenchClient;

  constructor(stub: Stub, events: BenchClient) {
    this.#stub = stub;
    this.#events = events;
  }

  unary(size: number): Promise<void> {
    return this.#events.unary(size);
  }

  serverStream(size: number, count: number): Promise<void> {
    return read(this.#stub.serverStream({ size, count }), count);
  }

  async clientStream(size: number, count: number): Promise<void> {
    const { promise, resolve, reject } = withResolvers<Total>();
    const call = this.#stub.clientStream((error, total) => (error ? reject(error) : resolve(total)));
    for (let i = 0; i < count; i++) await send(call, itemOf(size));
    call.end();
    expectCount((await promise).count, count);
  }

  async firehose(size: number, count: number): Promise<void> {
    const call = this.#stub.echo();
    const done = read(call, count);
    for (let i = 0; i < count; i++) await send(call, itemOf(size));
    call.end();
    await done;
  }

  async pingPong(size: number, count: number): Promise<void> {
    const call = this.#stub.echo();
    const iterator = call[Symbol.asyncIterator]();
    for (let i = 0; i < count; i++) {
      call.write(itemOf(size));
      const { done } = await iterator.next();
      if (done) throw new Error("the echo ended early");
    }
    call.end();
    await iterator.next();
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** ts-proto's stubs over grpc-js, read with `for await` and written with a wait for 'drain'. */
export const peer: Peer = {
  serve: () => serveGrpcJs(BenchService, handlers as never),
  async connect(port) {
    const stub = new Stub(`127.0.0.1:${port}`, credentials.createInsecure());
    return new Client(stub, await events.connect(port));
  },
};
