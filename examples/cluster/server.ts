/**
 * One server on all cores: a process for each, behind one port.
 *
 *     node server.js <address> <workers> <maxConnectionAgeMs>
 *
 * The primary process starts workers, and new ones for those that die. SIGTERM ends all of them as one: every worker says NOT_SERVING,
 * finishes its calls, and goes. Connections live for seconds or days, and each belongs to one worker: `maxConnectionAgeMs` asks clients
 * to connect anew now and then, so that a worker that started late gets its part.
 */
import cluster from "node:cluster";
import { pbkdf2Sync } from "node:crypto";
import { availableParallelism } from "node:os";
import { http2Transport, Server } from "gen-stubs-runtime";
import { HealthImplementation, HealthService } from "gen-stubs-runtime/health";
import { DataServiceService } from "../gen/data_grpc.js";

const [, , address = "127.0.0.1:50051", workers = String(availableParallelism()), ageMs = "60000"] = process.argv;

if (cluster.isPrimary) primary();
else await worker();

function primary(): void {
  let stopping = false;
  const said = new Map<number, string>();
  for (let i = 0; i < Number(workers); i++) cluster.fork();
  cluster.on("message", (from, listening: string) => {
    said.set(from.id, listening);
    // Port 0 is one port for all of them.
    if (said.size === Number(workers)) console.log(`listening on ${listening}`);
    else if (said.size > Number(workers)) console.log(`worker ${from.process.pid} takes over`);
  });
  cluster.on("exit", ({ process: { pid } }, code, signal) => {
    if (stopping) return;
    console.log(`worker ${pid} is gone (${signal ?? code})`);
    cluster.fork();
  });
  process.once("SIGTERM", async () => {
    stopping = true;
    const all = Object.values(cluster.workers ?? {});
    const gone = all.map((one) => new Promise((resolve) => one?.once("exit", resolve)));
    for (const one of all) one?.send("stop");
    await Promise.all(gone);
    console.log("stopped");
  });
}

async function worker(): Promise<void> {
  const name = `worker ${process.pid}`;
  const health = new HealthImplementation();
  const server = new Server({ transport: http2Transport({ maxConnectionAgeMs: Number(ageMs) }) })
    .add(DataServiceService, {
      // What a call costs in earnest: half a millisecond of a core.
      getData: ({ id }) => ({
        id,
        name,
        attributes: { key: pbkdf2Sync(id, "salt", 2_000, 32, "sha256").toString("hex") },
      }),
      async *subscribeData() {
        yield { topic: name };
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
  const listening = await server.listen(address);
  process.send?.(listening.address);
  process.once("message", async () => {
    health.shutdown();
    await server.shutdown({ graceMs: 10_000 });
    process.disconnect();
  });
  // The whole group may get the signal (Ctrl-C, systemd): the primary decides.
  process.on("SIGTERM", () => {});
  process.on("SIGINT", () => {});
}
