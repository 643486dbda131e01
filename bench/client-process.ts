/** One peer's client. Arguments: the peer, its setup. Runs work for each message from the parent, and answers. */
import { loadPeer } from "./load-peer.js";
import type { BenchClient, Setup } from "./peer.js";
import { batch, messagesOf, type Work } from "./work.js";

export interface RunRequest {
  readonly work: Work;
  /** How long to go on, at least one batch. */
  readonly milliseconds: number;
}

export type RunAnswer =
  | { readonly messages: number; readonly milliseconds: number; readonly cpu: NodeJS.CpuUsage }
  | { readonly error: string };

const peer = await loadPeer(process.argv[2]);
// The parent wrote it.
const { port = 0, connections = 1, tls } = JSON.parse(process.argv[3] ?? "{}") as Setup;
const clients: BenchClient[] = [];
for (let i = 0; i < connections; i++) clients.push(await peer.connect(port, tls));

process.on("message", async (request: RunRequest) => {
  process.send?.(await run(request).catch((error: unknown) => ({ error: String(error) })));
});
process.on("disconnect", () => process.exit());

async function run({ work, milliseconds: least }: RunRequest): Promise<RunAnswer> {
  const begin = performance.now();
  const cpu = process.cpuUsage();
  let messages = 0;
  let milliseconds: number;
  do {
    await batch(clients, work);
    messages += messagesOf(work);
    milliseconds = performance.now() - begin;
  } while (milliseconds < least);
  return { messages, milliseconds, cpu: process.cpuUsage(cpu) };
}
