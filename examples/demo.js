/** `npm run demo`: generates stubs, serves them, calls a method of each kind, and prints what happens. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a program of Node's, with its command line and its output shown. */
function run(shown, ...args) {
  console.log(`\n$ ${shown} ${args.slice(shown === "node" ? 0 : 1).join(" ")}`);
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

run("gen-stubs", "bin/gen-stubs.js", "examples/data/protos", "--out", "examples/data/gen");
run("tsc", "node_modules/typescript/bin/tsc", "-p", "examples/data");

console.log("\n$ node examples/data/dist/server.js 127.0.0.1:0 &");
const server = spawn(process.execPath, ["examples/data/dist/server.js", "127.0.0.1:0"], {
  cwd: root,
  stdio: ["ignore", "pipe", "inherit"],
});
process.once("exit", () => server.kill());
const [line] = await once(createInterface({ input: server.stdout }), "line");
console.log(line);

run("node", "examples/data/dist/client.js", line.replace("listening on ", ""), "package-lock.json");

console.log("\n$ kill %1");
server.kill();
const [code] = await once(server, "exit");
console.log(`the server ended with exit code ${code}`);
process.exitCode = code ?? 1;
