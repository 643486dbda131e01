import { releaseBytes } from "gen-stubs-runtime/bytes";
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

/** An item whose payload's memory can be released. */
interface WithPayload {
  readonly payload: Uint8Array;
}

/** The program is done with these. */
export function release(batch: readonly WithPayload[]): void {
  for (const { payload } of batch) releaseBytes(payload);
}

/** Our stubs, where a program has many messages at a time: `sendAll`, `batches` and `releaseBytes`. */
export class GenStubsBatchClient<Item extends WithPayload, ItemInit, OrderInit, Total> extends GenStubsClient<
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

async function read(batches: AsyncIterable<readonly WithPayload[]>, expected: number): Promise<void> {
  expectCount(await countOf(batches), expected);
}

/** How many messages came, all of which are released. */
export async function countOf(batches: AsyncIterable<readonly WithPayload[]>): Promise<number> {
  let count = 0;
  for await (const batch of batches) {
    count += batch.length;
    release(batch);
  }
  return count;
}
