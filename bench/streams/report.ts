import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { machine } from "../machine.js";
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

/** `leftOut`: why grpc-go was not measured, where it was not. */
export function report(count: number, rounds: readonly (readonly Figures[])[], leftOut: string | undefined): string {
  const names = rounds[0]?.map(({ name }) => name) ?? [];
  const lines = names.map((name) => {
    const runs = rounds.flatMap((round) => round.filter((figures) => figures.name === name));
    const added = (side: keyof Moment, of: "heap" | "rss") =>
      median(runs.map(({ before, held }) => held[side][of] - before[side][of])) / count / 1024;
    const perStream = (side: keyof Moment, of: "heap" | "rss") => `${added(side, of).toFixed(1)} KiB`;
    const bothEnds = (of: "heap" | "rss") => `**${(added("client", of) + added("server", of)).toFixed(1)} KiB**`;
    const most = (pick: (figures: Figures) => number) => Math.max(...runs.map(pick));
    const fewest = (pick: (figures: Figures) => number) => Math.min(...runs.map(pick));
    const cells = [
      bothEnds("heap"),
      bothEnds("rss"),
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
pages that the heap grew by on the way; it disperses more than the heap. grpc-go is a program in Go (bench/go); its heap is
told with the stacks of its goroutines, which hold what a promise on the heap holds in Node.${leftOut === undefined ? "" : ` Left out: grpc-go: ${leftOut}.`}

${machine()}; raw grpc-js ${version} (ts-proto stubs, event API), gen-stubs with protobuf-es
messages over its own HTTP/2.

| a stream | both ends: heap | both: resident | client: heap | client: resident | server: heap | server: resident | open at once | left after cancel | server's heap after cancel |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
${lines.join("\n")}
`;
}
