/**
 * Serves each kind of call, in plain text and over TLS: `server.js <cert> <key>`. Prints the targets as JSON, then runs until
 * it is told to end by its standard input.
 */
import { readFileSync } from "node:fs";
import { Server } from "gen-stubs-runtime";
import { webDoors } from "gen-stubs-runtime/web-server";
import { KindsService } from "./gen/kinds_grpc.js";
import { handlers } from "./handlers.js";

const [cert, key] = process.argv.slice(2).map((path) => readFileSync(path));

const server = new Server().add(KindsService, handlers);
const plain = await server.listen("127.0.0.1:0");
const tls = await server.listen("127.0.0.1:0", { tls: { cert, key } });
const web = await server.listen("127.0.0.1:0", { web: webDoors() });
const targets = {
  plain: `http://${plain.address}`,
  tls: `https://localhost:${tls.port}`,
  web: `http://${web.address}`,
};
console.log(JSON.stringify(targets));

process.stdin.on("end", async () => {
  await server.shutdown({ graceMs: 1000 });
  console.log("closed");
});
process.stdin.resume();
