/**
 * Places orders, and shows what a client is told when it goes wrong.
 *
 *     node client.js <address> <folder of tls.crt, tls.key and ca.crt> [watch]
 *
 * `watch`: prints the orders as they come, until the server stops.
 */
import { join } from "node:path";
import { type CallCredentials, connect, RpcError, status } from "gen-stubs-runtime";
import { BadRequestSchema, ErrorInfoSchema, ResourceInfoSchema } from "gen-stubs-runtime/errors";
import { deadlineDefault } from "gen-stubs-runtime/interceptors";
import { watchTls } from "gen-stubs-runtime/tls";
import { validate } from "gen-stubs-runtime/validation";
import { OrdersClient } from "./gen/orders_grpc.js";
import { stopTelemetry, telemetry } from "./telemetry.js";

const [, , address = "127.0.0.1:50051", folder = ".", what = "place"] = process.argv;

const file = (name: string): string => join(folder, name);
using certificates = watchTls({ cert: file("tls.crt"), key: file("tls.key"), ca: file("ca.crt") });

const token: CallCredentials = async () => ({ authorization: "Bearer secret-of-ada" });

await using channel = connect(`https://${address}`, {
  tls: () => certificates.current, // asked at each connection
  credentials: token,
  interceptors: what === "watch" ? [telemetry.client] : [telemetry.client, deadlineDefault(5_000)],
});
const orders = new OrdersClient(channel);

/** Says how a call failed, with its details. */
async function tried(title: string, call: Promise<unknown>): Promise<void> {
  try {
    await call;
    console.log(`${title}: ok`);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const fields = error.findDetails(BadRequestSchema).flatMap(({ fieldViolations }) => fieldViolations);
    const resources = error.findDetails(ResourceInfoSchema);
    const reasons = error.findDetails(ErrorInfoSchema);
    const told = [
      ...fields.map(({ field, description }) => `${field} ${description}`),
      ...resources.map(({ resourceType, resourceName }) => `${resourceType} ${resourceName}`),
      ...reasons.map(({ reason }) => reason),
    ];
    console.log(`${title}: ${status[error.code]} (${told.join(", ")})`);
  }
}

if (what === "watch") {
  const watch = orders.watchOrders({});
  await watch.header;
  console.log("watching");
  for await (const { id, quantity, item } of watch) console.log(`order ${id}: ${quantity} ${item}`);
  console.log(`watched to the end: ${status[(await watch.status).code]}`);
} else {
  const order = await orders.placeOrder({ item: "tea", quantity: 2 }, { metadata: { "x-request-id": "r1" } });
  console.log(`placed: ${order.quantity} ${order.item} for ${order.customer}`);
  await tried("nothing of it", orders.placeOrder({ item: "tea", quantity: 0 }));
  await tried("refused here already", orders.placeOrder({ item: "", quantity: 1 }, { interceptors: [validate()] }));
  await tried("no such item", orders.placeOrder({ item: "milk", quantity: 1 }));
  await using stranger = connect(`https://${address}`, { tls: certificates.current });
  await tried("without a token", new OrdersClient(stranger).placeOrder({ item: "tea", quantity: 1 }));
}
await stopTelemetry();
