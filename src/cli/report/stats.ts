import type { MethodCounts } from "../../descriptors/method-counts.js";

/** E.g. `2 services, 5 methods (3 unary, 2 server streaming)`. */
export function countsText(counts: MethodCounts): string {
  const kinds: readonly (readonly [number, string])[] = [
    [counts.unary, "unary"],
    [counts.serverStreaming, "server streaming"],
    [counts.clientStreaming, "client streaming"],
    [counts.bidiStreaming, "bidi streaming"],
  ];
  const total = kinds.reduce((sum, [count]) => sum + count, 0);
  const shown = kinds.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`);
  return `${plural(counts.services, "service")}, ${plural(total, "method")}${shown.length > 0 ? ` (${shown.join(", ")})` : ""}`;
}

/** `1 file`, `2 files`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
