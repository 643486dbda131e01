import type { ClientDuplex, ClientReader, ClientWriter } from "gen-stubs-runtime/codegen-v1";
import { type BenchClient, expectCount } from "../peer.js";

/** A generated client, for whatever messages. */
export interface Stub<Item, ItemInit, OrderInit, Total> {
  unary(request: ItemInit): Promise<Item>;
  serverStream(request: OrderInit): ClientReader<Item>;
  clientStream(): ClientWriter<ItemInit, Total>;
  echo(): ClientDuplex<ItemInit, Item>;
}

export interface Messages<ItemInit, OrderInit, Total> {
  item(size: number): ItemInit;
  order(size: number, count: number): OrderInit;
  readTotal(total: Total): number;
}

/** Our stubs, used as the README shows them. */
export class GenStubsClient<Item, ItemInit, OrderInit, Total> implements BenchClient {
  readonly #stub: Stub<Item, ItemInit, OrderInit, Total>;
  readonly #messages: Messages<ItemInit, OrderInit, Total>;

  constructor(stub: Stub<Item, ItemInit, OrderInit, Total>, messages: Messages<ItemInit, OrderInit, Total>) {
    this.#stub = stub;
    this.#messages = messages;
  }

  async unary(size: number): Promise<void> {
    await this.#stub.unary(this.#messages.item(size));
  }

  async serverStream(size: number, count: number): Promise<void> {
    await read(this.#stub.serverStream(this.#messages.order(size, count)), count);
  }

  async clientStream(size: number, count: number): Promise<void> {
    const item = this.#messages.item(size);
    const call = this.#stub.clientStream();
    for (let i = 0; i < count; i++) await call.send(item);
    expectCount(this.#messages.readTotal(await call.closeAndRecv()), count);
  }

  async firehose(size: number, count: number): Promise<void> {
    const item = this.#messages.item(size);
    const call = this.#stub.echo();
    const done = read(call, count);
    for (let i = 0; i < count; i++) await call.send(item);
    await call.closeSend();
    await done;
  }

  async pingPong(size: number, count: number): Promise<void> {
    const item = this.#messages.item(size);
    const call = this.#stub.echo();
    for (let i = 0; i < count; i++) {
      await call.send(item);
      if ((await call.recv()) === undefined) throw new Error("the echo ended early");
    }
    await call.closeSend();
    if ((await call.recv()) !== undefined) throw new Error("more came back than was sent");
  }
}

async function read(call: AsyncIterable<unknown>, expected: number): Promise<void> {
  let count = 0;
  for await (const _ of call) count++;
  expectCount(count, expected);
}
