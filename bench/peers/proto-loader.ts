import { join } from "node:path";
import {
  type Client,
  credentials,
  type GrpcObject,
  loadPackageDefinition,
  type ServiceClientConstructor,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { itemOf } from "../item.js";
import type { Peer } from "../peer.js";
import { EventClient, eventHandlers, type Messages, type Stub } from "./grpc-js-events.js";
import { serveGrpcJs } from "./grpc-js-server.js";

type Item = ReturnType<typeof itemOf>;
type Order = { size: number; count: number };
type Total = { count: number };

const messages: Messages<Item, Order, Total> = {
  item: itemOf,
  order: (size, count) => ({ size, count }),
  readOrder: (order) => order,
  total: (count) => ({ count }),
  readTotal: ({ count }) => count,
};

const proto = join(import.meta.dirname, "../../protos/bench.proto");
// One package, `bench`, with one service, `Bench`.
const Bench = (loadPackageDefinition(loadSync(proto, { defaults: true }))["bench"] as GrpcObject)[
  "Bench"
] as ServiceClientConstructor;

/** grpc-js with stubs made at run time by proto-loader, and its event API. */
export const peer: Peer = {
  serve: () => serveGrpcJs(Bench.service, eventHandlers(messages)),
  connect(port) {
    const client: Client = new Bench(`127.0.0.1:${port}`, credentials.createInsecure());
    // Its methods are those of the proto.
    return new EventClient(client as unknown as Stub<Item, Order, Total>, messages);
  },
};
