/** Adds a price every 20 ms and tells subscribers. `node dist/server.js [address] [file]` */
import { Server } from "gen-stubs-runtime";
import { PricesService } from "./gen/prices_grpc.js";
import { Journal } from "./journal.js";

const [address = "127.0.0.1:50051", file = "prices.txt"] = process.argv.slice(2);

const journal = new Journal(file);
const timer = setInterval(() => journal.add(100 + Math.round(Math.random() * 100) / 10), 20);

const server = new Server({ onError: (error) => console.error(error) }).add(PricesService, {
  subscribe: ({ after }, call) => journal.behind(after, call.signal),
});
console.log(`listening on ${(await server.listen(address)).address}`);

process.once("SIGTERM", async () => {
  clearInterval(timer);
  await server.shutdown({ graceMs: 1_000 });
});
