/** `npm start`: a subscriber, and a server that is killed after each 50 prices or so and comes back. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const folder = mkdtempSync(join(tmpdir(), "subscription-"));
let server;
process.once("exit", () => {
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the server; resolves to its address. */
async function serve(address) {
  const args = ["dist/server.js", address, join(folder, "prices.txt")];
  server = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: server.stdout }), "line");
  console.log(`server: ${line}`);
  return line.replace("listening on ", "");
}

const address = await serve("127.0.0.1:0");
const client = spawn(process.execPath, ["dist/client.js", address, "150"], { stdio: ["ignore", "pipe", "inherit"] });
const ended = once(client, "exit");

for await (const line of createInterface({ input: client.stdout })) {
  console.log(line);
  if (!/^(?:50|100):/.test(line)) continue;
  const gone = once(server, "exit");
  server.kill("SIGKILL");
  await gone;
  console.log("server: killed");
  await serve(address);
}
const [code] = await ended;
const gone = once(server, "exit");
server.kill();
await gone;
process.exit(code ?? 1);
