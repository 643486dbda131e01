import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nameProblem } from "./safe-path.js";

/**
 * What one run wrote into an output folder. All paths are relative to the output folder, with `/`, so that the manifest is
 * the same on every machine.
 */
export interface RunRecord {
  /** The run's inputs: folders, `.proto` files, a descriptor set (with `#` and a name in it). Sorted. */
  readonly from: readonly string[];
  /** Folders that the import names of its files are relative to. Sorted. */
  readonly roots: readonly string[];
  /** The options that change which files there are. */
  readonly options: string;
  /** Names of the files in the output folder that it made from its inputs. Sorted. */
  readonly files: readonly string[];
  /** Names of those it made from files that its inputs import. Sorted. */
  readonly imports: readonly string[];
}

/** File in each output folder that says which run wrote what. */
export const manifestName = ".gen-stubs-manifest.json";

const note = "Which run of gen-stubs wrote which files of this folder. Keep it with them: --clean removes by it.";

/**
 * The runs recorded in an output folder; none where there is no manifest, or one that cannot be read (a merge conflict, for
 * example): files that no run claims are never removed, so losing it harms nothing.
 */
export function readManifest(out: string): readonly RunRecord[] {
  try {
    const parsed: unknown = JSON.parse(readFileSync(join(out, manifestName), "utf8"));
    const runs = isObject(parsed) ? parsed["runs"] : undefined;
    return Array.isArray(runs) ? runs.flatMap((run) => toRecord(run)) : [];
  } catch {
    return [];
  }
}

/** The manifest's text: records and names in a fixed order, one name a line, so that version control can merge it. */
export function manifestText(runs: readonly RunRecord[]): string {
  const sorted = [...runs].sort((a, b) => (a.from.join("\n") < b.from.join("\n") ? -1 : 1));
  return `${JSON.stringify({ note, runs: sorted }, null, 2)}\n`;
}

/** Whether two lists of records say the same, however a formatter laid out the file they were read from. */
export function sameRuns(a: readonly RunRecord[], b: readonly RunRecord[]): boolean {
  return manifestText(a) === manifestText(b);
}

function toRecord(value: unknown): readonly RunRecord[] {
  if (!isObject(value)) return [];
  const { from, roots, options, files, imports } = value;
  if (!isStrings(from) || !isStrings(roots) || typeof options !== "string") return [];
  if (!isStrings(files) || !isStrings(imports)) return [];
  // The file may come from anywhere: no name in it may lead out of the output folder.
  const inside = (names: readonly string[]) => names.filter((name) => nameProblem(name) === undefined);
  return [{ from, roots, options, files: inside(files), imports: inside(imports) }];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
