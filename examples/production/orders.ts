/** The orders there are. Stands for a database. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { OrderSchema, PlaceOrderRequest } from "./gen/orders_pb.js";

type Order = MessageInitShape<typeof OrderSchema>;

const items = new Set(["tea", "coffee"]);

export class Orders {
  readonly #customer: () => string;
  readonly #orders: Order[] = [];
  readonly #watchers = new Set<() => void>();
  #closed = false;

  /** @param customer says whose call this is */
  constructor(customer: () => string) {
    this.#customer = customer;
  }

  has(item: string): boolean {
    return items.has(item);
  }

  place({ item, quantity }: PlaceOrderRequest): Order {
    const order = { id: String(this.#orders.length + 1), item, quantity, customer: this.#customer() };
    this.#orders.push(order);
    this.#tell();
    return order;
  }

  /** The customer's orders, until the signal aborts or there will be no more. */
  async *watch(signal: AbortSignal): AsyncGenerator<Order> {
    const customer = this.#customer();
    let wake = (): void => {};
    const onChange = (): void => wake();
    this.#watchers.add(onChange);
    signal.addEventListener("abort", onChange);
    try {
      for (let at = 0; ; ) {
        for (; at < this.#orders.length; at++) {
          const order = this.#orders[at];
          if (order?.customer === customer) yield order;
        }
        if (this.#closed || signal.aborted) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      this.#watchers.delete(onChange);
    }
  }

  close(): void {
    this.#closed = true;
    this.#tell();
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
