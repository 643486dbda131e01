/** Reads prices until it has so many, whatever becomes of the server. `node dist/client.js [address] [how many]` */
import { connect, status } from "gen-stubs-runtime";
import { resume } from "gen-stubs-runtime/resume";
import { PricesClient } from "./gen/prices_grpc.js";

const [address = "127.0.0.1:50051", count = "Infinity"] = process.argv.slice(2);

await using channel = connect(`http://${address}`, { initialBackoffMs: 50, keepaliveTimeMs: 30_000 });
const client = new PricesClient(channel);

const prices = resume((after: number = 0) => client.subscribe({ after }), {
  // Where the next call begins, if this one is lost.
  token: ({ number }) => number,
  initialBackoffMs: 50,
  idleTimeoutMs: 30_000,
  onResume: ({ error, token }) => console.log(`${status[error?.code ?? 0]} behind ${token}: going on`),
});

let last = 0;
let missing = 0;
for await (const { number, euros } of prices) {
  missing += number - last - 1;
  last = number;
  if (number % 25 === 0) console.log(`${number}: ${euros.toFixed(2)} EUR`);
  if (number >= Number(count)) break;
}
console.log(`${last} prices, ${missing} missing`);
