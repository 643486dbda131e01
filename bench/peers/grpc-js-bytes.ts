import { credentials, makeGenericClientConstructor, type ServiceDefinition } from "@grpc/grpc-js";
import { BenchService, Order, Total } from "../gen/ts-proto/bench.js";
import { encodedItemOf } from "../item.js";
import type { Peer } from "../peer.js";
import { EventClient, eventHandlers, type Messages, type Stub } from "./grpc-js-events.js";
import { serveGrpcJs } from "./grpc-js-server.js";

const asIs = (bytes: Buffer) => bytes;

/** grpc-js' event API, bytes in and bytes out. */
const service: ServiceDefinition = Object.fromEntries(
  Object.entries(BenchService).map(([name, method]) => [
    name,
    {
      ...method,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
  ]),
);

const messages: Messages<Buffer, Buffer, Buffer> = {
  item: encodedItemOf,
  order: (size, count) => Buffer.from(Order.encode({ size, count }).finish()),
  readOrder: (order) => Order.decode(order),
  total: (count) => Buffer.from(Total.encode({ count }).finish()),
  readTotal: (total) => Total.decode(total).count,
};

const Client = makeGenericClientConstructor(service, "bench.Bench");

export const peer: Peer = {
  serve: () => serveGrpcJs(service, eventHandlers(messages)),
  connect(port) {
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    // Its methods are those of the definition above.
    return new EventClient(client as unknown as Stub<Buffer, Buffer, Buffer>, messages);
  },
};
