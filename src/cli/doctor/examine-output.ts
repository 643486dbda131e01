import { resolve, sep } from "node:path";
import { noCache } from "../../cache/cache.js";
import { compile } from "../../compile/compile.js";
import type { Compiled } from "../../compile/compiled.js";
import { displayPath } from "../../compile/paths.js";
import { coldProcesses } from "../../messages/script-processes.js";
import { runCommand } from "../command.js";
import { inferImportExtension } from "../project/import-extension.js";
import { nearestPackage } from "../project/nearest-package.js";
import { projectCache } from "../project/project-cache.js";
import { readTsconfig } from "../project/tsconfig.js";
import { silent } from "../report/progress.js";
import { countsText, plural } from "../report/stats.js";
import type { Options } from "../usage/options.js";
import { fine, type Row } from "./row.js";

/**
 * What one output would be generated from, by which names, and what would be written.
 *
 * @throws GenStubsError with what is wrong.
 */
export async function examineOutput(options: Options, cwd: string): Promise<readonly Row[]> {
  const cache = options.cache ? projectCache(cwd) : noCache;
  const compiled = await compile({ ...options, cwd, cache });
  const dryRun = { ...options, check: false, dryRun: true };
  const result = await runCommand(dryRun, { cwd, cache, progress: silent, processes: coldProcesses });
  const out = resolve(cwd, options.out);
  const { value, reason } = inferImportExtension(await readTsconfig(out), nearestPackage(out));
  const why = value === result.importExtension ? displayPath(reason, cwd) : "as given";
  const written = result.missing.length + result.stale.length + result.layout.length;
  return [
    fine("from", `${plural(result.protoFiles, "proto file")}, compiled by ${compiled.compiler}`),
    ...rootRows(compiled, options, cwd),
    fine("to", `${plural(result.outputs, "file")} with ${countsText(result.counts)}`),
    fine("imports", `end in ${result.importExtension === "none" ? "nothing" : `.${result.importExtension}`} (${why})`),
    {
      name: "state",
      text: written === 0 ? "up to date" : `${written} to write`,
      state: written === 0 ? "fine" : "note",
    },
    ...result.warnings.map((text): Row => ({ name: "warning", text, state: "note" })),
  ];
}

/** The folders that files are named from, and why these. */
function rootRows({ paths, compiler }: Compiled, options: Options, cwd: string): readonly Row[] {
  const byRoot = new Map<string, string[]>();
  for (const [name, path] of paths) {
    const tail = sep + name.split("/").join(sep);
    const root = path.endsWith(tail) ? path.slice(0, -tail.length) : path;
    byRoot.set(root, [...(byRoot.get(root) ?? []), name]);
  }
  return [...byRoot].map(([root, names]) => {
    const shown = displayPath(root, cwd);
    const example = `${plural(names.length, "file")} named from there, such as ${names[0]}`;
    return fine("root", `${shown}, ${reasonOf(root, options, compiler, cwd)}: ${example}`);
  });
}

function reasonOf(root: string, options: Options, compiler: string, cwd: string): string {
  const among = (paths: readonly string[]): boolean => paths.some((path) => resolve(cwd, path) === root);
  if (compiler === "buf") return "a module of the buf workspace";
  if (among(options.protoPaths)) return "given with -I";
  if (among(options.paths)) return "the folder given";
  return "found from the files' imports and packages";
}
