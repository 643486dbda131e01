/**
 * Where one peer spends its time: `npm run profile -- <peer> <scenario> [ms]`. Prints the busiest functions of the client
 * and of the server, and leaves their profiles (for Chrome's developer tools) in profiles/.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeCertificate } from "./build/certificate.js";
import { peers } from "./peers.js";
import { ProcessPair } from "./process-pair.js";
import { scenarios } from "./scenarios.js";

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

const [name = "gen-stubs", scenario = "server stream, 20 B", milliseconds = "3000"] = process.argv.slice(2);
const peer = peers.find((entry) => entry.name === name && entry.program.kind !== "native");
const chosen = scenarios.find((one) => one.name === scenario);
if (peer === undefined || chosen === undefined) throw new Error(`no peer ${name} in Node, or no scenario ${scenario}`);
const folder = join(import.meta.dirname, "../profiles");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const pair = await ProcessPair.start(peer, {
  oneCore: chosen.oneCore,
  connections: chosen.connections ?? 1,
  execArgv: ["--cpu-prof", "--cpu-prof-dir", folder],
  ...(chosen.tls ? { tls: await makeCertificate() } : {}),
});
const { rate, cpu } = await pair.run(chosen.work, Number(milliseconds));
await pair.stop();
console.log(`${name}, ${scenario}: ${rate.toFixed(0)} messages/s, ${cpu.toFixed(1)} µs a message`);
// The client ends first.
readdirSync(folder)
  .sort()
  .forEach((file) => {
    const profile: CpuProfile = JSON.parse(readFileSync(join(folder, file), "utf8"));
    console.log(`\n${file}`);
    for (const line of busiest(profile, 22)) console.log(line);
  });

/** The functions with the most time of their own, in percent of all that was not idle. */
function busiest({ nodes, samples, timeDeltas }: CpuProfile, count: number): string[] {
  const names = new Map(
    nodes.map(({ id, callFrame }) => [
      id,
      `${callFrame.functionName || "(anonymous)"} ${callFrame.url.split("/").slice(-2).join("/")}:${callFrame.lineNumber + 1}`,
    ]),
  );
  const times = new Map<string, number>();
  let all = 0;
  samples.forEach((sample, i) => {
    const name = names.get(sample) ?? "?";
    if (name.startsWith("(idle)")) return;
    const time = timeDeltas[i] ?? 0;
    times.set(name, (times.get(name) ?? 0) + time);
    all += time;
  });
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, time]) => `${((100 * time) / all).toFixed(1).padStart(6)} %  ${name}`);
}
