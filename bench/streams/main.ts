/**
 * Holds many streams open at once and reports the memory of one, of the client and of the server.
 *
 * `npm run bench:streams -- [--count 10000] [--rounds 3] [--write]`
 */
import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildNative } from "../build/native.js";
import { answer, startWithIpc } from "../process-pair.js";
import { holders, nativeHolders } from "./holders.js";
import type { Memory, Order } from "./process.js";
import { type Figures, report } from "./report.js";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "10000" },
    rounds: { type: "string", default: "3" },
    write: { type: "boolean", default: false },
  },
});
const count = Number(values.count);
const WARM_UP = 200;

async function ask<T>(child: ChildProcess, order: Order): Promise<T> {
  child.send(order);
  const { value, error } = await answer<{ value?: T; error?: string }>(child);
  if (error !== undefined) throw new Error(error);
  // The process answers each order with a value of its kind.
  return value as T;
}

async function hold(name: string): Promise<Figures> {
  const command = nativeHolders[name] ?? [
    process.execPath,
    "--expose-gc",
    join(import.meta.dirname, "process.js"),
    name,
  ];
  const start = () => startWithIpc(command);
  const server = start();
  const client = start();
  try {
    const memory = async () => ({
      client: await ask<Memory>(client, { do: "memory" }),
      server: await ask<Memory>(server, { do: "memory" }),
    });
    const port = await ask<number>(server, { do: "serve" });
    await ask(client, { do: "connect", port });
    await ask(client, { do: "open", count: WARM_UP });
    await ask(client, { do: "cancel" });
    const before = await memory();
    await ask(client, { do: "open", count });
    const held = await memory();
    await ask(client, { do: "cancel" });
    return { name, before, held, after: await memory() };
  } finally {
    client.disconnect();
    server.disconnect();
  }
}

const go = buildNative("go");
if (go !== undefined) console.log(`left out: grpc-go: ${go.leftOut}`);
const names = [...Object.keys(holders), ...(go === undefined ? Object.keys(nativeHolders) : [])];
const rounds: Figures[][] = [];
for (let round = 0; round < Number(values.rounds); round++) {
  const figures: Figures[] = [];
  for (const name of names) figures.push(await hold(name));
  rounds.push(figures);
}
const text = report(count, rounds, go?.leftOut);
console.log(text);
if (values.write) writeFileSync(join(import.meta.dirname, "../../../docs/streams.md"), text);
