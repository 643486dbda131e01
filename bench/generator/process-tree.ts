import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** What a program and all that it started cost together. */
export interface TreeCost {
  readonly wallMs: number;
  /** The most memory that all of them had at a time (proportional set size where the system tells it); NaN but on Linux. */
  readonly peakMb: number;
  readonly processes: number;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

// Asking how much a process shares stops it for a while.
const sampleMs = 250;

/** Runs a script with Node to its end, and looks at its processes all the while. */
export async function measureTree(args: readonly string[], cwd: string): Promise<TreeCost> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (output.stdout += chunk));
  child.stderr.on("data", (chunk) => (output.stderr += chunk));
  let peakKb = process.platform === "linux" ? 0 : Number.NaN;
  const seen = new Set<number>();
  const timer = setInterval(() => {
    const pids = child.pid === undefined || process.platform !== "linux" ? [] : withDescendants(child.pid);
    for (const pid of pids) seen.add(pid);
    peakKb = Math.max(
      peakKb,
      pids.reduce((sum, pid) => sum + memoryKb(pid), 0),
    );
  }, sampleMs);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  clearInterval(timer);
  return { wallMs: performance.now() - started, peakMb: peakKb / 1024, processes: seen.size, status, ...output };
}

function withDescendants(top: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [top];
  for (let at = 0; at < found.length; at++) found.push(...(children.get(found[at] ?? 0) ?? []));
  return found;
}

/** Memory that processes share is counted once. */
function memoryKb(pid: number): number {
  const shared = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`));
  return Number((shared ?? /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`)))?.[1] ?? 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
