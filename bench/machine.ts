import { cpus } from "node:os";

/** When and on what figures were made: date, Node, system, processors. */
export function machine(): string {
  const processor = cpus()[0]?.model.trim() ?? "unknown processor";
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} × ${processor}`;
}
