import { join } from "node:path";
import type { Tree } from "./inputs.js";
import { inTurns, runNode } from "./measure.js";
import { count, type Part, table } from "./page.js";
import { type GeneratedProject, generateProjects } from "./project.js";

const compilers = [
  ["TypeScript 5.9", "typescript-5"],
  ["TypeScript 7", "typescript"],
] as const;

/** What the compiler says of a run: `--extendedDiagnostics`. */
interface Diagnostics {
  readonly types: number;
  readonly instantiations: number;
  /** Processor time of a run with --noEmit: TypeScript 7 works on several processors at once. */
  readonly seconds: number;
  readonly mb: number;
  readonly errors: number;
}

/** What a project pays for type-checking what was generated. */
export async function typesPart(root: string, cache: string, rounds: number, trees: readonly Tree[]): Promise<Part> {
  const blocks: string[] = [];
  for (const tree of trees) {
    const projects = await generateProjects(root, join(cache, "types"), tree);
    const rows: (string | number)[][] = [];
    for (const [compiler, folder] of compilers) {
      const tsc = join(root, "node_modules", folder, "bin/tsc");
      const measured = inTurns(rounds, new Map(projects.map((project) => [project, () => check(cache, tsc, project)])));
      for (const [{ variant, files, bytes }, found] of measured) {
        console.error(`${tree.title}, ${compiler}, ${variant}: ${found.seconds.toFixed(2)} s`);
        rows.push([
          `${compiler}: ${variant}`,
          `${files.length} (${(bytes / 1e6).toFixed(1)} MB)`,
          count(found.types),
          count(found.instantiations),
          found.seconds.toFixed(2),
          count(found.mb),
          found.errors,
        ]);
      }
    }
    const head = ["", "files", "types", "instantiations", "processor s", "MB", "errors"];
    blocks.push(`### ${tree.title}\n\n${table(head, rows)}`);
  }
  const intro = `## What type-checking costs

\`tsc --noEmit --extendedDiagnostics\` of a project that has nothing but the generated code, and a file that imports it. The row
"nothing" is what the compiler and the types of Node cost by themselves. \`skipLibCheck\` as most projects have it. About three
quarters of ts-proto's types come from \`Exact\`, which its \`useExactTypes=false\` turns off (lightning, TypeScript 7: 40,837 types are left,
91,129 instantiations, 122 MB).`;
  return { name: "types", text: [intro, ...blocks].join("\n\n") };
}

function check(cache: string, tsc: string, { folder }: GeneratedProject): Diagnostics {
  const args = [tsc, "-p", folder, "--noEmit", "--extendedDiagnostics", "--pretty", "false"];
  const { stdout, cost } = runNode(join(cache, "usage"), args);
  const read = (label: string): number => {
    const found = new RegExp(`^${label}:\\s+([\\d.]+)`, "m").exec(stdout);
    if (found === null) throw new Error(`tsc in ${folder} says nothing of "${label}":\n${stdout.slice(0, 2000)}`);
    return Number(found[1]);
  };
  return {
    types: read("Types"),
    instantiations: read("Instantiations"),
    seconds: cost.cpuMs / 1000,
    mb: read("Memory used") / 1024,
    errors: stdout.match(/ error TS\d+: /g)?.length ?? 0,
  };
}
