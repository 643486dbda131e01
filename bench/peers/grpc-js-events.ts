import type {
  ClientDuplexStream,
  ClientReadableStream,
  ClientWritableStream,
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  ServiceError,
  sendUnaryData,
} from "@grpc/grpc-js";
import { type BenchClient, expectCount } from "../peer.js";

/** What the ways to use grpc-js differ in: how an item is held, and the other two messages. */
export interface Messages<Item, Order, Total> {
  item(size: number): Item;
  order(size: number, count: number): Order;
  readOrder(order: Order): { size: number; count: number };
  total(count: number): Total;
  readTotal(total: Total): number;
}

/** A generated client of grpc-js, whatever generated it. */
export interface Stub<Item, Order, Total> {
  unary(request: Item, callback: (error: ServiceError | null, response?: Item) => void): unknown;
  serverStream(request: Order): ClientReadableStream<Item>;
  clientStream(callback: (error: ServiceError | null, response?: Total) => void): ClientWritableStream<Item>;
  echo(): ClientDuplexStream<Item, Item>;
}

/** Writes `count` items, stopping when the stream is full. */
export function pump<Item>(
  call: { write(item: Item): boolean; once(event: "drain", listener: () => void): unknown; end(): unknown },
  item: Item,
  count: number,
): void {
  let left = count;
  const more = () => {
    while (left > 0) {
      left--;
      if (!call.write(item)) {
        call.once("drain", more);
        return;
      }
    }
    call.end();
  };
  more();
}

/** Handlers on grpc-js' event API. */
export function eventHandlers<Item, Order, Total>(messages: Messages<Item, Order, Total>) {
  return {
    unary(call: ServerUnaryCall<Item, Item>, callback: sendUnaryData<Item>) {
      callback(null, call.request);
    },
    serverStream(call: ServerWritableStream<Order, Item>) {
      const { size, count } = messages.readOrder(call.request);
      pump(call, messages.item(size), count);
    },
    clientStream(call: ServerReadableStream<Item, Total>, callback: sendUnaryData<Total>) {
      let count = 0;
      call.on("data", () => count++);
      call.on("end", () => callback(null, messages.total(count)));
    },
    echo(call: ServerDuplexStream<Item, Item>) {
      call.on("data", (item: Item) => {
        if (call.write(item)) return;
        call.pause();
        call.once("drain", () => call.resume());
      });
      call.on("end", () => call.end());
    },
  };
}

/** A client on grpc-js' event API. */
export class EventClient<Item, Order, Total> implements BenchClient {
  readonly #stub: Stub<Item, Order, Total>;
  readonly #messages: Messages<Item, Order, Total>;

  constructor(stub: Stub<Item, Order, Total>, messages: Messages<Item, Order, Total>) {
    this.#stub = stub;
    this.#messages = messages;
  }

  unary(size: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stub.unary(this.#messages.item(size), (error) => (error ? reject(error) : resolve()));
    });
  }

  serverStream(size: number, count: number): Promise<void> {
    return counted(this.#stub.serverStream(this.#messages.order(size, count)), count);
  }

  clientStream(size: number, count: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const call = this.#stub.clientStream((error, total) => {
        if (error) return reject(error);
        expectCount(total === undefined ? 0 : this.#messages.readTotal(total), count);
        resolve();
      });
      pump(call, this.#messages.item(size), count);
    });
  }

  firehose(size: number, count: number): Promise<void> {
    const call = this.#stub.echo();
    const done = counted(call, count);
    pump(call, this.#messages.item(size), count);
    return done;
  }

  pingPong(size: number, count: number): Promise<void> {
    const call = this.#stub.echo();
    const item = this.#messages.item(size);
    let left = count;
    const done = counted(call, count);
    call.on("data", () => {
      if (--left > 0) call.write(item);
      else call.end();
    });
    call.write(item);
    return done;
  }
}

function counted(call: NodeJS.EventEmitter, expected: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let count = 0;
    call.on("data", () => count++);
    call.on("error", reject);
    call.on("end", () => {
      expectCount(count, expected);
      resolve();
    });
  });
}
