/** `npm start`: the server on a free port, then the client. Each is a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const server = spawn(process.execPath, ["dist/main.js"], {
  stdio: ["ignore", "pipe", "inherit"],
  env: { ...process.env, GRPC_URL: "127.0.0.1:0" },
});
process.once("exit", () => server.kill());
const lines = createInterface({ input: server.stdout });
const [first] = await once(lines, "line");
console.log(`server: ${first}`);
lines.on("line", (line) => console.log(`server: ${line}`));

const GRPC_TARGET = first.replace("listening on ", "http://");
const client = spawn(process.execPath, ["dist/client.js"], {
  stdio: "inherit",
  env: { ...process.env, GRPC_TARGET },
});
[process.exitCode] = await once(client, "exit");
server.kill();
