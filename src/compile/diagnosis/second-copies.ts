import { basename, relative, sep } from "node:path";
import type { Fault } from "../../errors/gen-stubs-error.js";
import { displayPath, isInside } from "../paths.js";
import { topLevelNames } from "./definitions.js";
import type { GraphFile } from "./import-graph.js";

/** A file that defines what another file defines already. */
interface Copy {
  readonly file: GraphFile;
  readonly original: GraphFile;
  /** A name that both define. */
  readonly name: string;
}

// Folders that hold what was copied or built.
const usual =
  /^(build|dist|out|output|target|vendor|vendored|third[_-]party|preview|tmp|temp|bin|obj|bazel-.*|\..*|.*backup.*|.*copy.*|old)$/i;

/**
 * Says which files are second copies of others (in `build/`, `vendor/`, googleapis' `preview/`), and how to leave them out:
 * one fault for each folder of them.
 */
export function secondCopyFaults(files: Iterable<GraphFile>, cwd: string): readonly Fault[] {
  const all = [...files];
  const copies = findCopies(all);
  const byFolder = new Map<string, Copy[]>();
  for (const copy of copies) {
    const folder = folderToExclude(copy, copies, all, cwd);
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), copy]);
  }
  return [...byFolder].flatMap(([folder, list]): readonly Fault[] => {
    const [first, ...more] = list;
    if (first === undefined) return [];
    const others = more.length === 0 ? "" : `; ${more.length} more below ${folder}`;
    const { file, original, name } = first;
    return [
      {
        code: "GS2013",
        message: `${describe(first)} ${displayPath(original.path, cwd)}: both define ${name}${others}`,
        file: displayPath(file.path, cwd),
        hint: `leave ${more.length === 0 ? "it" : "them"} out: --exclude ${/^[\w@%+=:,./-]+$/.test(folder) ? folder : `"${folder}"`}`,
      },
    ];
  });
}

function describe({ file, original }: Copy): string {
  if (file.text.replaceAll("\r\n", "\n") === original.text.replaceAll("\r\n", "\n")) return "a second copy of";
  return basename(file.path) === basename(original.path) ? "another version of" : "it defines the same as";
}

function findCopies(files: readonly GraphFile[]): readonly Copy[] {
  const definedBy = new Map<string, GraphFile>();
  const copies = new Map<string, Copy>();
  const sorted = [...files].sort((a, b) => suspicion(a) - suspicion(b) || (a.path < b.path ? -1 : 1));
  for (const file of sorted) {
    for (const name of topLevelNames(file.text)) {
      const original = definedBy.get(name);
      if (original === undefined) definedBy.set(name, file);
      else if (original !== file && !copies.has(file.real)) copies.set(file.real, { file, original, name });
    }
  }
  return [...copies.values()];
}

/** How much a file looks like the copy, not the original. What is only imported cannot be left out: it is the original. */
function suspicion({ path, inputName }: GraphFile): number {
  if (inputName === undefined) return -1;
  const parts = path.split(sep);
  return parts.filter((part) => usual.test(part)).length * 1_000 + parts.length;
}

/** The highest folder that the original does not lie in and that holds little but copies, relative to the current one. */
function folderToExclude(
  { file, original }: Copy,
  copies: readonly Copy[],
  all: readonly GraphFile[],
  cwd: string,
): string {
  const parts = relative(cwd, file.path).split(sep);
  for (let length = 1; length < parts.length; length++) {
    const folder = parts.slice(0, length).join(sep);
    const path = file.path.slice(0, file.path.length - parts.slice(length).join(sep).length - 1);
    if (parts[length - 1] === ".." || isInside(path, original.path)) continue;
    const held = all.filter((other) => other.inputName !== undefined && isInside(path, other.path));
    const copied = copies.filter((copy) => isInside(path, copy.file.path));
    if (copied.length * 2 >= held.length) return folder.split(sep).join("/");
  }
  return parts.join("/");
}
