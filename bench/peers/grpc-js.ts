import { BenchClient, BenchService, type Item, type Order, type Total } from "../gen/ts-proto/bench.js";
import { itemOf } from "../item.js";
import type { Peer } from "../peer.js";
import { EventClient, eventHandlers, type Messages } from "./grpc-js-events.js";
import { clientCredentials, serveGrpcJs } from "./grpc-js-server.js";

const messages: Messages<Item, Order, Total> = {
  item: itemOf,
  order: (size, count) => ({ size, count }),
  readOrder: (order) => order,
  total: (count) => ({ count }),
  readTotal: ({ count }) => count,
};

/** ts-proto's stubs and grpc-js' event API: the fastest way to use grpc-js, and what all ratios are to. */
export const peer: Peer = {
  serve: (tls) => serveGrpcJs(BenchService, eventHandlers(messages), tls),
  connect(port, tls) {
    // Its channels would share connections to one target.
    const options = {
      "grpc.use_local_subchannel_pool": 1,
      ...(tls === undefined ? {} : { "grpc.ssl_target_name_override": "localhost" }),
    };
    return new EventClient(new BenchClient(`127.0.0.1:${port}`, clientCredentials(tls), options), messages);
  },
};
