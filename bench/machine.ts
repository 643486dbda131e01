import { readFileSync } from "node:fs";
import { cpus } from "node:os";

/** When and on what figures were made: date, Node, system, processors, and what paces TCP. */
export function machine(): string {
  const processor = cpus()[0]?.model.trim() ?? "unknown processor";
  const date = new Date().toISOString().slice(0, 10);
  const control = congestionControl();
  const paced = control === undefined ? "" : `, TCP ${control}`;
  return `${date}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} × ${processor}${paced}`;
}

/** The congestion control of Linux, undefined elsewhere: with BBR, large messages cost more (docs/guides/performance.md, "Linux with BBR"). */
function congestionControl(): string | undefined {
  try {
    return readFileSync("/proc/sys/net/ipv4/tcp_congestion_control", "utf8").trim();
  } catch {
    return undefined;
  }
}
