import { realpathSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import type { Compiled } from "../../compile/compiled.js";
import { optionText } from "../../descriptors/plugin-option.js";
import type { Options } from "../usage/options.js";
import type { RunRecord } from "./manifest.js";

/** What the manifest says of this run, but for its files. */
export function describeRun(
  options: Pick<Options, "paths" | "descriptorSet" | "messages" | "opt" | "messagesOpt" | "includeImports">,
  compiled: Pick<Compiled, "roots">,
  out: string,
  cwd: string,
): Omit<RunRecord, "files" | "imports"> {
  const place = (path: string): string => relativeTo(out, resolve(cwd, path));
  const { descriptorSet, paths } = options;
  const from =
    descriptorSet === undefined
      ? paths.map(place)
      : [place(descriptorSet)].flatMap((set) => (paths.length === 0 ? [set] : paths.map((path) => `${set}#${path}`)));
  const roots = compiled.roots.map(({ virtual, folder }) => {
    const where = relativeTo(out, folder);
    return virtual === "" && !where.includes("=") ? where : `${virtual}=${where}`;
  });
  const chosen = [...options.opt, ...options.messagesOpt].map(optionText).sort();
  return {
    from: sorted(from),
    roots: sorted(roots),
    options: [options.messages, ...chosen, ...(options.includeImports ? [] : ["no-include-imports"])].join(" "),
  };
}

/**
 * The whole record of a run.
 *
 * @param sourceOf the `.proto` file that an output is from
 */
export function recordRun(
  run: Omit<RunRecord, "files" | "imports">,
  outputs: readonly string[],
  generated: ReadonlySet<string>,
  sourceOf: (name: string) => string | undefined,
): RunRecord {
  const isOwn = (name: string): boolean => generated.has(sourceOf(name) ?? "");
  return { ...run, files: outputs.filter(isOwn).sort(), imports: outputs.filter((name) => !isOwn(name)).sort() };
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

/** The same wherever the command is run, and by whatever links it gets there. */
function relativeTo(out: string, path: string): string {
  return relative(realPath(out), realPath(path)).split(sep).join("/") || ".";
}

/** The real path of something that may not be there yet. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = resolve(path, "..");
    return parent === path ? path : resolve(realPath(parent), relative(parent, path));
  }
}
