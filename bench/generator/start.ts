import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Tree } from "./inputs.js";
import { inTurns, measureNode } from "./measure.js";
import { type Part, table } from "./page.js";
import { emit, generateProjects } from "./project.js";

/** What importing generated code costs a process at its start. */
export async function startPart(root: string, cache: string, rounds: number, trees: readonly Tree[]): Promise<Part> {
  const blocks: string[] = [];
  for (const tree of trees) {
    const projects = await generateProjects(root, join(cache, "start"), tree);
    for (const project of projects) emit(root, project);
    const entry = (folder: string): string => {
      const file = join(folder, "out/main.js");
      if (!existsSync(file)) throw new Error(`tsc wrote no ${file}`);
      return file;
    };
    const runs = new Map(
      projects.map(
        ({ variant, folder }) => [variant, () => measureNode(join(cache, "usage"), [entry(folder)])] as const,
      ),
    );
    const measured = inTurns(rounds * 3, runs);
    const bare = measured.get("nothing")!;
    const rows = [...measured].map(([variant, { wallMs, cpuMs, peakMb }]) => [
      variant,
      wallMs.toFixed(0),
      cpuMs.toFixed(0),
      peakMb.toFixed(0),
      variant === "nothing" ? "" : (cpuMs - bare.cpuMs).toFixed(0),
      variant === "nothing" ? "" : (peakMb - bare.peakMb).toFixed(0),
    ]);
    const head = ["", "wall ms", "processor ms", "peak MB", "more ms than bare node", "more MB"];
    blocks.push(`### ${tree.title}\n\n${table(head, rows)}`);
  }
  const intro = `## What importing costs at start

A process of Node that imports all of the generated code, as JavaScript, with the runtimes it needs, and ends. What protobuf-es
does at import is to read the descriptors of all files; ours on top of it is the runtime, and a table for each service.`;
  return { name: "start", text: [intro, ...blocks].join("\n\n") };
}
