/** Prints updates until Ctrl-C, whatever becomes of the server. `node subscriber.js [address] [topic…]` */
import { connect } from "gen-stubs-runtime";
import { DataServiceClient } from "../gen/data_grpc.js";
import { subscribe } from "./subscribe.js";

const [address = "127.0.0.1:50051", ...topics] = process.argv.slice(2);

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

await using channel = connect(`http://${address}`);
const client = new DataServiceClient(channel);

try {
  for await (const { topic, point } of subscribe(client, topics, { signal: stop.signal })) {
    console.log(`${topic}: ${point?.value.toFixed(3)}`);
  }
} catch (error) {
  if (!stop.signal.aborted) throw error;
}
console.log("stopped");
