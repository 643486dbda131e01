/**
 * A fleet on one machine, without Kubernetes: three servers and a client, and then each server is replaced, one after the other.
 *
 *     node local.js
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

interface Program {
  readonly child: ChildProcess;
  readonly lines: Interface;
}

function start(program: string, ...args: string[]): Program {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  return { child, lines: createInterface({ input: child.stdout }) };
}

async function serve(address: string, name: string): Promise<Program & { readonly address: string }> {
  const program = start("server.js", address, name);
  const [line] = (await once(program.lines, "line")) as [string];
  return { ...program, address: line.replace("listening on ", "") };
}

async function stop({ child }: Program): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}

const servers = await Promise.all(["one", "two", "three"].map((name) => serve("127.0.0.1:0", name)));
const client = start("client.js", `ipv4:${servers.map(({ address }) => address).join(",")}`);
client.lines.on("line", (line) => console.log(line));
await once(client.lines, "line");
for (const [at, server] of servers.entries()) {
  await stop(server);
  servers[at] = await serve(server.address, `new ${at + 1}`);
  await delay(1_500);
}
await stop(client);
await Promise.all(servers.map(stop));
