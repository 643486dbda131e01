/**
 * One of several servers, as it runs in a pod.
 *
 *     node server.js <address> <name>          default: 0.0.0.0:50051, and the host's name, which in Kubernetes is the pod's
 *
 * SIGTERM: it says NOT_SERVING, lets open calls finish, and ends. That Kubernetes has taken it off its lists by then is the preStop
 * hook's business (k8s/server.yaml).
 */
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { http2Transport, Server } from "gen-stubs-runtime";
import { HealthImplementation, HealthService } from "gen-stubs-runtime/health";
import { DataServiceService } from "../gen/data_grpc.js";

const [, , address = "0.0.0.0:50051", name = hostname()] = process.argv;

/** Old connections are asked to go, so that clients look for new servers. */
const transport = http2Transport({ maxConnectionAgeMs: 300_000, maxConnectionAgeGraceMs: 60_000 });
const health = new HealthImplementation();
const server = new Server({ transport })
  .add(DataServiceService, {
    getData: ({ id }) => ({ id, name }),
    async *subscribeData(_, { signal }) {
      for (let i = 0; ; i++) {
        yield { topic: name, point: { value: i } };
        await delay(1_000, undefined, { signal });
      }
    },
    async uploadFile(call) {
      let size = 0n;
      for await (const { content } of call) if (content.case === "data") size += BigInt(content.value.length);
      await call.sendAndClose({ fileId: name, size });
    },
    async chat(call) {
      for await (const { message } of call) await call.send({ user: name, message });
    },
  })
  .add(HealthService, health, { unlimited: true });

console.log(`listening on ${(await server.listen(address)).address}`);

process.once("SIGTERM", async () => {
  health.shutdown();
  await server.shutdown({ graceMs: 20_000 });
  console.log("stopped");
});
