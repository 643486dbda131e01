import { expectCount } from "../peer.js";
import { GenStubsClient, type Messages, type Stub } from "./gen-stubs-client.js";

/** As many messages as a page of a data base has rows. */
const BATCH = 100;

/** So many messages, in lists of a hundred. */
export function* inBatches<Item>(item: Item, count: number): Generator<Item[]> {
  const batch = new Array<Item>(BATCH).fill(item);
  let left = count;
  for (; left >= BATCH; left -= BATCH) yield batch;
  if (left > 0) yield batch.slice(0, left);
}

/** Our stubs, where a program has many messages at a time: `sendAll` and `batches`. */
export class GenStubsBatchClient<Item, ItemInit, OrderInit, Total> extends GenStubsClient<
  Item,
  ItemInit,
  OrderInit,
  Total
> {
  readonly #stub: Stub<Item, ItemInit, OrderInit, Total>;
  readonly #messages: Messages<ItemInit, OrderInit, Total>;

  constructor(stub: Stub<Item, ItemInit, OrderInit, Total>, messages: Messages<ItemInit, OrderInit, Total>) {
    super(stub, messages);
    this.#stub = stub;
    this.#messages = messages;
  }

  override async serverStream(size: number, count: number): Promise<void> {
    await read(this.#stub.serverStream(this.#messages.order(size, count)).batches(), count);
  }

  override async clientStream(size: number, count: number): Promise<void> {
    const call = this.#stub.clientStream();
    for (const batch of inBatches(this.#messages.item(size), count)) await call.sendAll(batch);
    expectCount(this.#messages.readTotal(await call.closeAndRecv()), count);
  }

  override async firehose(size: number, count: number): Promise<void> {
    const call = this.#stub.echo();
    const done = read(call.batches(), count);
    for (const batch of inBatches(this.#messages.item(size), count)) await call.sendAll(batch);
    await call.closeSend();
    await done;
  }
}

async function read(batches: AsyncIterable<readonly unknown[]>, expected: number): Promise<void> {
  let count = 0;
  for await (const batch of batches) count += batch.length;
  expectCount(count, expected);
}
