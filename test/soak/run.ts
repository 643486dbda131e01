/**
 * Runs calls of all kinds over our own HTTP/2 for a while, most of which somebody leaves, refuses or cancels, on a channel that is
 * left alone and on one whose connections are cut, and watches heap, resident memory and handles whenever no call runs:
 * `npm run soak -- [minutes]` (default 10). Exits with 1 where one of them grows, a call is lost or ends in a way it should not,
 * or the connection that nobody cut was replaced.
 */
import { RpcError, status } from "gen-stubs-runtime";
import { oneCall } from "./calls.js";
import { Connections } from "./connections.js";
import { growth, type Sample, sample } from "./flat.js";
import { Leaves } from "./leaves.js";
import { SoakServer } from "./service.js";

const minutes = Number(process.argv[2] ?? 10);
/** Callers of each channel. */
const CALLERS = 32;
const SAMPLE_MS = Math.min(15_000, (minutes * 60_000) / 20);
const CUT_MS = 1000;

const soakServer = new SoakServer();
const { port } = await soakServer.server.listen("127.0.0.1:0");
const calm = new Connections(port);
const cut = new Connections(port);
const leaves = new Leaves();
const ended = { calm: new Map<string, number>(), cut: new Map<string, number>() };

const samples: Sample[] = [];
const start = performance.now();
while (performance.now() - start < minutes * 60_000) {
  await stretch();
  const minute = (performance.now() - start) / 60_000;
  const now = sample(minute);
  samples.push(now);
  console.log(
    `${minute.toFixed(2)} min  heap ${megabytes(now.heap)}  resident ${megabytes(now.resident)}  ${now.handles} handles  ` +
      `${soakServer.open} open on the server  connections ${calm.opened} and ${cut.opened}  ` +
      `calls ${endings(ended.calm)}; cut: ${endings(ended.cut)}`,
  );
}
await Promise.all([calm, cut].map(({ channel }) => channel.close({ graceMs: 1000 })));
await soakServer.server.shutdown({ graceMs: 1000 });

const { figures, faults } = growth(samples);
console.log(figures);
const problems = [...faults, ...odd("calm", []), ...odd("cut", ["UNAVAILABLE"])];
if (soakServer.open > 0) problems.push(`${soakServer.open} calls are left on the server`);
if (calm.opened !== 1) problems.push(`the connection that nobody cut was replaced ${calm.opened - 1} times`);
for (const problem of problems) console.log(`FAULT ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Callers at work for as long as a sample covers; resolves when the last call has ended, on the server too. */
async function stretch(): Promise<void> {
  const until = performance.now() + SAMPLE_MS;
  let resets = 0;
  const cutting = setInterval(() => cut.cut(resets++ % 2 === 0), CUT_MS);
  const callers = (connections: Connections, endings: Map<string, number>, mayLeave: () => boolean) =>
    Array.from({ length: CALLERS }, async () => {
      while (performance.now() < until) {
        const outcome = await oneCall(connections.channel, mayLeave).then(() => "OK", nameOf);
        endings.set(outcome, (endings.get(outcome) ?? 0) + 1);
      }
    });
  await Promise.all([...callers(calm, ended.calm, () => leaves.take()), ...callers(cut, ended.cut, () => true)]);
  clearInterval(cutting);
  // A handler hears of its client's leaving a turn or two later.
  for (let turn = 0; turn < 1000 && soakServer.open > 0; turn++) await new Promise((resolve) => setTimeout(resolve, 5));
}

function nameOf(error: unknown): string {
  return error instanceof RpcError ? (status[error.code] ?? "?") : String(error);
}

function odd(which: keyof typeof ended, also: readonly string[]): string[] {
  const expected = new Set(["OK", "CANCELLED", "DEADLINE_EXCEEDED", "PERMISSION_DENIED", ...also]);
  return [...ended[which].keys()]
    .filter((ending) => !expected.has(ending))
    .map((ending) => `${which}: ended ${ending}`);
}

function endings(of: ReadonlyMap<string, number>): string {
  return [...of].map(([ending, count]) => `${ending} ${count}`).join(", ");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
