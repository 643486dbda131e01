// A subscription that reconnects, with backoff by status code: subscriber.js TRANSPORT TARGET TOPIC. SIGTERM cancels it.
import { setTimeout as delay } from "node:timers/promises";
import { RpcError, status } from "gen-stubs-runtime";
import { DataServiceClient } from "../../gen/data_grpc.js";
import { emit } from "../emit.js";
import { open, type Transport } from "../transports.js";

const [transport, target = "", topic = ""] = process.argv.slice(2);
// The run passes one of the two.
const channel = open(transport as Transport, target);
const client = new DataServiceClient(channel);
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());

const shortest = 20;
/** What to wait before the next try; undefined: do not try again. */
function backoff(code: status, failures: number): number | undefined {
  const ms = Math.min(shortest * 2 ** failures, 500);
  if (code === status.UNAVAILABLE || code === status.DEADLINE_EXCEEDED) return ms;
  if (code === status.RESOURCE_EXHAUSTED) return 10 * ms;
  return undefined;
}

let failures = 0;
for (;;) {
  let updates = 0;
  try {
    const metadata = { "x-call-id": `subscriber/${topic}` };
    for await (const _ of client.subscribeData({ topics: [topic] }, { signal: stop.signal, metadata })) {
      failures = 0;
      // The first ten tell enough.
      if (++updates <= 10) emit({ event: "update", updates });
    }
    emit({ event: "end" });
    break;
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const waitMs = backoff(error.code, failures++);
    emit({ event: waitMs === undefined ? "stopped" : "wait", code: status[error.code], waitMs, updates });
    if (waitMs === undefined) break;
    await delay(waitMs);
  }
}
await channel.close();
