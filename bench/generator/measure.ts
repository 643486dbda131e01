import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What a process of Node's cost, from its start to its exit. */
export interface Cost {
  readonly wallMs: number;
  /** User and system time, with that of processes it has waited for (Linux alone tells of those, in steps of 10 ms). */
  readonly cpuMs: number;
  readonly peakMb: number;
}

export interface Run {
  readonly cost: Cost;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Tells at its exit what a process has used: `getrusage` of itself; from proc(5), where there is one, its children's times (ticks of 10
 * ms) and the peak of its memory, because `ru_maxrss` begins with what the process had before exec: the parent's.
 */
const hook = `
import { readFileSync, writeFileSync } from "node:fs";
const file = process.env.BENCH_USAGE;
delete process.env.BENCH_USAGE;
process.on("exit", () => {
  let children = 0;
  let { maxRSS } = process.resourceUsage();
  try {
    maxRSS = Number(/^VmHWM:\\s+(\\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))[1]);
    const stat = readFileSync("/proc/self/stat", "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    children = (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {}
  if (file !== undefined) writeFileSync(file, JSON.stringify({ ...process.resourceUsage(), maxRSS, children }));
});
`;

/** Runs a script with Node and measures the process. */
export function runNode(cache: string, args: readonly string[], stdin?: Uint8Array): Run {
  mkdirSync(cache, { recursive: true });
  const [hookFile, usageFile] = [join(cache, "usage-hook.mjs"), join(cache, `usage-${process.pid}.json`)];
  writeFileSync(hookFile, hook);
  const started = performance.now();
  const run = spawnSync(process.execPath, ["--import", pathToFileURL(hookFile).href, ...args], {
    input: stdin ?? "",
    env: { ...process.env, BENCH_USAGE: usageFile },
    maxBuffer: 2 ** 30,
  });
  const wallMs = performance.now() - started;
  const usage: NodeJS.ResourceUsage & { readonly children: number } = JSON.parse(readFileSync(usageFile, "utf8"));
  rmSync(usageFile);
  const cpuMs = (usage.userCPUTime + usage.systemCPUTime) / 1000 + usage.children;
  const cost = { wallMs, cpuMs, peakMb: usage.maxRSS / 1024 };
  return { cost, status: run.status, stdout: run.stdout.toString(), stderr: run.stderr.toString() };
}

/** The same where only the cost is asked for. Throws where the script fails. */
export function measureNode(cache: string, args: readonly string[], stdin?: Uint8Array): Cost {
  const { cost, status, stderr } = runNode(cache, args, stdin);
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr}`);
  return cost;
}

/** Measures several things in turn, round after round, so that what else the machine does meets them alike; medians. */
export function inTurns<Key, Value extends object>(
  rounds: number,
  things: ReadonlyMap<Key, () => Value>,
): ReadonlyMap<Key, Value> {
  const all = new Map<Key, Value[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [key, run] of things) all.set(key, [...(all.get(key) ?? []), run()]);
  }
  return new Map([...all].map(([key, values]) => [key, medians(values)]));
}

/** The median of each number in the objects, on its own. */
function medians<Value extends object>(values: readonly Value[]): Value {
  const keys = Object.keys(values[0]!) as (keyof Value)[]; // all have the keys of the first
  const entries = keys.map((key) => {
    const sorted = values.map((value) => Number(value[key])).sort((a, b) => a - b);
    return [key, sorted[Math.floor(sorted.length / 2)]];
  });
  return Object.fromEntries(entries);
}
