/** One peer's client. Arguments: the peer, the port. Runs a scenario for each message from the parent, and answers. */
import { peers } from "./peers.js";
import { scenarios } from "./scenarios.js";

export interface RunRequest {
  scenario: string;
  /** How long to go on, at least one batch. */
  milliseconds: number;
}

export type RunAnswer = { messages: number; milliseconds: number; cpu: NodeJS.CpuUsage } | { error: string };

const entry = peers.find(({ name }) => name === process.argv[2]);
if (entry === undefined) throw new Error(`no peer ${process.argv[2]}`);
const client = await (await entry.load()).connect(Number(process.argv[3]));

process.on("message", async (request: RunRequest) => {
  process.send?.(await run(request).catch((error: unknown) => ({ error: String(error) })));
});
process.on("disconnect", () => process.exit());

async function run(request: RunRequest): Promise<RunAnswer> {
  const scenario = scenarios.find(({ name }) => name === request.scenario);
  if (scenario === undefined) return { error: `no scenario ${request.scenario}` };
  const begin = performance.now();
  const cpu = process.cpuUsage();
  let messages = 0;
  let milliseconds: number;
  do {
    await scenario.batch(client);
    messages += scenario.messages;
    milliseconds = performance.now() - begin;
  } while (milliseconds < request.milliseconds);
  return { messages, milliseconds, cpu: process.cpuUsage(cpu) };
}
