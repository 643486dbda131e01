import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";

export interface MethodCounts {
  readonly services: number;
  readonly unary: number;
  readonly serverStreaming: number;
  readonly clientStreaming: number;
  readonly bidiStreaming: number;
}

/** Counts services, and methods by kind, in the files to generate. */
export function countMethods(request: CodeGeneratorRequest): MethodCounts {
  const wanted = new Set(request.fileToGenerate);
  const counts = { services: 0, unary: 0, serverStreaming: 0, clientStreaming: 0, bidiStreaming: 0 };
  for (const file of request.protoFile) {
    if (!wanted.has(file.name)) continue;
    for (const service of file.service) {
      counts.services++;
      for (const { clientStreaming, serverStreaming } of service.method) {
        if (clientStreaming) counts[serverStreaming ? "bidiStreaming" : "clientStreaming"]++;
        else counts[serverStreaming ? "serverStreaming" : "unary"]++;
      }
    }
  }
  return counts;
}

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
