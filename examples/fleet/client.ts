/**
 * Calls a fleet, and says every second which servers answered.
 *
 *     node client.js <target>                  ipv4:127.0.0.1:1,127.0.0.1:2 or dns:///data.default.svc.cluster.local:50051
 *
 * SIGTERM ends it, with the number of calls that failed.
 */
import { setTimeout as delay } from "node:timers/promises";
import { RpcError, status } from "gen-stubs-runtime";
import { DataServiceClient } from "../gen/data_grpc.js";
import { openFleet } from "./channel.js";

const [, , target = "dns:///localhost:50051"] = process.argv;

const channel = openFleet(target);
const data = new DataServiceClient(channel);
let over = false;
process.once("SIGTERM", () => {
  over = true;
});

const failures: string[] = [];
let calls = 0;
while (!over) {
  const answers: Record<string, number> = {};
  for (const end = performance.now() + 1_000; performance.now() < end && !over; ) {
    try {
      const { name } = await data.getData({ id: "x" }, { timeoutMs: 2_000 });
      answers[name] = (answers[name] ?? 0) + 1;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      failures.push(`${status[error.code]}: ${error.details}`);
    }
    calls++;
    await delay(5);
  }
  console.log(
    Object.entries(answers)
      .sort()
      .map(([name, n]) => `${name} ${n}`)
      .join(", "),
  );
}
for (const failure of new Set(failures)) console.log(failure);
console.log(`${calls} calls, ${failures.length} failed`);
await channel.close();
