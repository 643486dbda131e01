/** `npm start`: the server on a free port with certificates of its own, a client, and an end without losses. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { writeCertificates } from "./certificates.js";

const folder = mkdtempSync(join(tmpdir(), "orders-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
await writeCertificates(folder, ["server", "client"]);
const of = (name) => join(folder, name);

const server = spawn(process.execPath, ["dist/server.js", "127.0.0.1:0", of("server")], {
  stdio: ["ignore", "pipe", "inherit"],
});
process.once("exit", () => server.kill());
const lines = createInterface({ input: server.stdout });
const [first] = await once(lines, "line");
console.log(`server: ${first}`);
lines.on("line", (line) => console.log(`server: ${line}`));

const args = ["dist/client.js", first.replace("listening on ", ""), of("client")];
const client = spawn(process.execPath, args, { stdio: "inherit" });
const [code] = await once(client, "exit");

server.kill("SIGTERM");
await once(server, "close");
process.exitCode = code ?? 1;
