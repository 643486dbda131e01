import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { median } from "../statistics.js";
import type { Memory } from "./process.js";

interface Moment {
  readonly client: Memory;
  readonly server: Memory;
}
/** What was measured of one holder in one round. */
export interface Figures {
  readonly name: string;
  /** After a warm-up of streams opened and cancelled. */
  readonly before: Moment;
  readonly held: Moment;
  /** After all were cancelled. */
  readonly after: Moment;
}

export function report(count: number, rounds: readonly (readonly Figures[])[]): string {
  const names = rounds[0]?.map(({ name }) => name) ?? [];
  const lines = names.map((name) => {
    const runs = rounds.flatMap((round) => round.filter((figures) => figures.name === name));
    const perStream = (side: keyof Moment, of: "heap" | "rss") =>
      `${(median(runs.map(({ before, held }) => held[side][of] - before[side][of])) / count / 1024).toFixed(1)} KiB`;
    const most = (pick: (figures: Figures) => number) => Math.max(...runs.map(pick));
    const fewest = (pick: (figures: Figures) => number) => Math.min(...runs.map(pick));
    const cells = [
      perStream("client", "heap"),
      perStream("client", "rss"),
      perStream("server", "heap"),
      perStream("server", "rss"),
      fewest(({ held }) => held.server.open),
      most(({ after }) => after.server.open),
      `${(most(({ before, after }) => after.server.heap - before.server.heap) / 1024 / 1024).toFixed(1)} MiB`,
    ];
    return `| ${name} | ${cells.join(" | ")} |`;
  });
  const grpcJs = createRequire(import.meta.url).resolve("@grpc/grpc-js/package.json");
  const { version } = JSON.parse(readFileSync(grpcJs, "utf8")) as { version: string };
  return `# Memory of open streams

Made by \`npm run bench:streams -- --write\`; not written by hand. A client opens ${count.toLocaleString("en")} bidirectional calls, sends one item
of 20 bytes on each, reads its echo and leaves the call open; then it cancels them all. Client and server are processes of
their own, all options at their defaults. Memory is what a stream adds: after full collections, held minus before (which
is after a warm-up of 200 calls); medians of ${rounds.length} rounds. The resident set holds the native memory of \`node:http2\` too, and
pages that the heap grew by on the way; it disperses more than the heap.

${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? "?"}; raw grpc-js ${version} (ts-proto stubs, event API), gen-stubs with protobuf-es
messages over its own HTTP/2.

| a stream | client: heap | client: resident | server: heap | server: resident | open at once | left after cancel | server's heap after cancel |
|---|---:|---:|---:|---:|---:|---:|---:|
${lines.join("\n")}
`;
}
