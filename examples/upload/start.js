/** `npm start`: a file of 64 MB is uploaded to a server that is killed meanwhile and comes back, and downloaded again. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const folder = mkdtempSync(join(tmpdir(), "upload-"));
const uploads = join(folder, "uploads");
let server;
process.once("exit", () => {
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the server; resolves to its address. */
async function serve(address) {
  server = spawn(process.execPath, ["dist/server.js", address, uploads], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: server.stdout }), "line");
  console.log(`server: ${line}`);
  return line.replace("listening on ", "");
}

const file = join(folder, "file");
writeFileSync(file, randomBytes(64_000_000));
const address = await serve("127.0.0.1:0");

const client = spawn(process.execPath, ["dist/client.js", file, address, join(folder, "copy")], { stdio: "inherit" });
const ended = once(client, "exit");

const kill = setInterval(async () => {
  const size = readdirSync(uploads).reduce((sum, name) => sum + statSync(join(uploads, name)).size, 0);
  if (size < 8_000_000) return;
  clearInterval(kill);
  const gone = once(server, "exit");
  server.kill("SIGKILL");
  await gone;
  console.log("server: killed");
  await serve(address);
}, 5);

const [code] = await ended;
clearInterval(kill);
process.exit(code ?? 1);
