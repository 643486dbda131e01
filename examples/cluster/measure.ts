/**
 * Unary calls a second by the number of workers: node measure.js <workers…>
 *
 * The load comes from processes of its own, as many as there are cores: one client could not keep several workers busy.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { connect } from "gen-stubs-runtime";
import { DataServiceClient } from "../gen/data_grpc.js";

const SECONDS = 3;
const AT_ONCE = 32;
const [, self = "", ...args] = process.argv;

if (args[0] === "load") await load(args[1] ?? "");
else for (const workers of args.length > 0 ? args : ["1", String(availableParallelism())]) await measure(workers);

/** Calls, 32 at a time, for some seconds; prints how many there were. */
async function load(address: string): Promise<void> {
  await using channel = connect(`http://${address}`);
  const data = new DataServiceClient(channel);
  const end = performance.now() + SECONDS * 1_000;
  let calls = 0;
  const caller = async (): Promise<void> => {
    for (; performance.now() < end; calls++) await data.getData({ id: "x" });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  console.log(calls);
}

async function measure(workers: string): Promise<void> {
  const server = start(fileURLToPath(new URL("server.js", import.meta.url)), "127.0.0.1:0", workers);
  const address = (await firstLine(server)).replace("listening on ", "");
  const loads = Array.from({ length: availableParallelism() }, () => start(self, "load", address));
  const calls = await Promise.all(loads.map(async (one) => Number(await firstLine(one))));
  const sum = calls.reduce((total, n) => total + n, 0);
  console.log(`${workers} worker${workers === "1" ? "" : "s"}: ${Math.round(sum / SECONDS)} calls a second`);
  server.kill("SIGTERM");
  await once(server, "exit");
}

function start(...command: string[]): ChildProcess {
  return spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const piece of child.stdout ?? []) {
    text += String(piece);
    if (text.includes("\n")) break;
  }
  return text.split("\n")[0] ?? "";
}
