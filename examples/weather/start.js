/** `npm start`: the server on a free port, then the client. Each is a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const server = spawn(process.execPath, ["dist/server.js", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
process.once("exit", () => server.kill());
const lines = createInterface({ input: server.stdout });
const [first] = await once(lines, "line");
console.log(`server: ${first}`);
lines.on("line", (line) => console.log(`server: ${line}`));

const address = first.replace("listening on ", "");
const client = spawn(process.execPath, ["dist/client.js", address], { stdio: "inherit" });
[process.exitCode] = await once(client, "exit");
server.kill();
