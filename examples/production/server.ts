/**
 * A server as it stands in production: mutual TLS with certificates that are renewed while it runs, tokens, deadlines, validated
 * requests, bounded load, health, reflection, traces, a line of log for each call, and an end that loses nothing.
 *
 *     node server.js <address> <folder of tls.crt, tls.key and ca.crt>
 */
import { join } from "node:path";
import { RpcError, Server, status } from "gen-stubs-runtime";
import { currentCall } from "gen-stubs-runtime/current-call";
import { ResourceInfoSchema } from "gen-stubs-runtime/errors";
import { HealthImplementation, HealthService } from "gen-stubs-runtime/health";
import { logging, requireDeadline } from "gen-stubs-runtime/interceptors";
import { ReflectionImplementation, ServerReflectionService } from "gen-stubs-runtime/reflection";
import { watchTls } from "gen-stubs-runtime/tls";
import { validate } from "gen-stubs-runtime/validation";
import { authenticate, authoriseProgram, userKey } from "./auth.js";
import { OrdersService } from "./gen/orders_grpc.js";
import { Orders } from "./orders.js";
import { stopTelemetry, telemetry } from "./telemetry.js";

const [, , address = "127.0.0.1:50051", folder = "."] = process.argv;

const server = new Server({
  maxRunningCalls: 200,
  maxQueuedCalls: 100,
  onError: (error) => console.error(error),
  interceptors: [telemetry.server, logging({ metadata: ["x-request-id"] }).server, authoriseProgram, authenticate],
});

/** Nobody hands the store a call: it asks for the current one. */
const customer = (): string => currentCall()?.context.get(userKey)?.name ?? "nobody";
const orders = new Orders(customer);

server.add(
  OrdersService,
  {
    placeOrder(request) {
      if (!orders.has(request.item)) {
        throw new RpcError(status.NOT_FOUND, `there is no item ${JSON.stringify(request.item)}`, {
          details: [[ResourceInfoSchema, { resourceType: "item", resourceName: request.item }]],
        });
      }
      return orders.place(request);
    },
    watchOrders(_, call) {
      call.sendHeader(); // there may be no order for a while
      return orders.watch(call.signal);
    },
  },
  { interceptors: [requireDeadline({ except: ["/orders.v1.Orders/WatchOrders"] }), validate()] },
);

const health = new HealthImplementation({ "": "SERVING", "orders.v1.Orders": "SERVING" });
// A watched health check goes on for ever: it must not take a place from a customer's call.
server.add(HealthService, health, { unlimited: true });
server.add(ServerReflectionService, new ReflectionImplementation(server));

const file = (name: string): string => join(folder, name);
const certificates = watchTls(
  { cert: file("tls.crt"), key: file("tls.key"), ca: file("ca.crt") },
  {
    onChange(tls) {
      server.setTls(tls);
      console.log("new certificates");
    },
    onError: (error) => console.error(error.message),
  },
);
const listening = await server.listen(address, { tls: { ...certificates.current, requestCert: true } });
console.log(`listening on ${listening.address}`);

process.once("SIGTERM", async () => {
  health.shutdown(); // balancers look elsewhere
  orders.close(); // whoever watches gets an end, not a loss
  await server.shutdown({ graceMs: 10_000 });
  certificates.close();
  await stopTelemetry();
  console.log("stopped");
});
