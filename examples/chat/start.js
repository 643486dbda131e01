/** `npm start`: the server on a free port, and two members who talk. Each is a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Starts a program; resolves to it with its first line, once it has printed that. */
async function start(name, ...args) {
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  process.once("exit", () => child.kill());
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => console.log(`${name}: ${line}`));
  const [first] = await once(lines, "line");
  return { child, lines, first };
}

const server = await start("server", "dist/server.js", "127.0.0.1:0");
const address = server.first.replace("listening on ", "");
const ann = await start("ann", "dist/client.js", "ann", address);
const bob = await start("bob", "dist/client.js", "bob", address);

for (const [speaker, listener, message] of [
  [ann, bob, "hello"],
  [bob, ann, "hello ann"],
]) {
  const heard = once(listener.lines, "line");
  speaker.child.stdin.write(`${message}\n`);
  await heard;
}

for (const { child } of [ann, bob]) {
  child.stdin.end();
  await once(child, "exit");
}
server.child.kill();
