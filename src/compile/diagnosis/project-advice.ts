import { existsSync } from "node:fs";
import { join, sep } from "node:path";
import type { InputFile } from "../inputs.js";
import { displayPath, isInside } from "../paths.js";
import { type ProtoRoot, pathIn } from "../proto-root.js";
import { type RootContext, rootInputs } from "../proto-roots.js";
import type { RealPath } from "../real-paths.js";
import { quoted } from "./import-advice.js";
import { type ImportGraph, importGraph } from "./import-graph.js";
import { namesOf } from "./two-names.js";

/** What the diagnosis is made from. */
export interface Situation {
  readonly inputs: readonly InputFile[];
  readonly context: RootContext;
  readonly graph: ImportGraph;
  readonly includes: readonly ProtoRoot[];
  readonly realOf: RealPath;
}

/**
 * The proto path that brings an import whose file lies in the project: tried out before it is advised, so that following
 * the advice cannot lead from this error to another. `undefined` where no proto path would do.
 *
 * @param found files in the project whose paths end with the name
 * @param works whether proto paths bring the import: {@link proves}
 * @param modules folders that stand behind a prefix of names, of Go modules
 */
export function protoPathAdvice(
  name: string,
  found: readonly string[],
  modules: readonly ProtoRoot[],
  { context, realOf }: Situation,
  works: (given: readonly ProtoRoot[], name: string) => boolean,
): string | undefined {
  const tail = sep + name.split("/").join(sep);
  const plain = found.map((path): ProtoRoot => ({ virtual: "", folder: path.slice(0, -tail.length) }));
  const virtual = modules.filter((root) => {
    const path = pathIn(root, name);
    return path !== undefined && realOf(path) !== undefined;
  });
  for (const root of [...plain, ...virtual]) {
    const { given } = context;
    const shown = shownRoot(root, context.cwd);
    if (works([...given, root], name)) return `add -I ${shown}`;
    for (const other of given) {
      const replaced = given.map((one) => (one === other ? root : one));
      if (works(replaced, name)) return `write -I ${shown} in place of -I ${shownRoot(other, context.cwd)}`;
    }
    if (given.length > 0 && works([root, ...given], name)) return `add -I ${shown} before the others`;
  }
  return undefined;
}

/** Whether the name would be found, more names be gained than lost, and no file be read under two names that was not before. */
export function proves(given: readonly ProtoRoot[], name: string, situation: Situation): boolean {
  try {
    const rooted = rootInputs(situation.inputs, { ...situation.context, given });
    const graph = importGraph(
      rooted.files,
      [...rooted.roots, ...situation.includes],
      situation.realOf,
      situation.context.sources,
    );
    const found = new Set([...situation.graph.files.values()].flatMap(({ importedAs }) => [...importedAs.keys()]));
    const lost = [...graph.missing.keys()].filter((missing) => found.has(missing));
    const gained = [...situation.graph.missing.keys()].filter((missing) => !graph.missing.has(missing));
    return gained.includes(name) && gained.length > lost.length && doubles(graph) <= doubles(situation.graph);
  } catch {
    // Two files would get one name.
    return false;
  }
}

function doubles({ files }: ImportGraph): number {
  return [...files.values()].filter((file) => namesOf(file).size > 1).length;
}

function shownRoot({ virtual, folder }: ProtoRoot, cwd: string): string {
  const shown = displayPath(folder, cwd);
  return quoted(virtual === "" ? shown : `${virtual}=${shown}`);
}

/** Files whose paths end with the name, those of fewest folders first. */
export function filesEndingWith(protos: readonly string[], name: string): readonly string[] {
  const tail = sep + name.split("/").join(sep);
  const hits = protos.filter((path) => path.endsWith(tail));
  return hits.sort((a, b) => a.length - b.length).slice(0, 5);
}

/**
 * Folders whose files the name would be among with a prefix in front: `etcd/api/kv.proto`, where the folder has a `kv.proto`.
 * At least a folder and a file of the name must be there.
 */
export function prefixedRoots(folders: readonly string[], name: string): readonly ProtoRoot[] {
  const parts = name.split("/");
  const starts = parts.slice(1, -1).map((_, index) => index + 1);
  return folders.flatMap((folder) =>
    starts
      .filter((start) => existsSync(join(folder, ...parts.slice(start))))
      .map((start) => ({ virtual: parts.slice(0, start).join("/"), folder })),
  );
}

/** Not under that name, but perhaps under another. */
export function nearNameAdvice(protos: readonly string[], name: string, top: string, cwd: string): string {
  const last = sep + name.slice(name.lastIndexOf("/") + 1);
  const near = protos.filter((path) => path.endsWith(last)).sort((a, b) => a.length - b.length);
  if (near.length === 0) {
    const where =
      top === cwd || isInside(top, cwd) ? (top === cwd ? "the current folder" : top) : displayPath(top, cwd);
    return `no file below ${where} has that name; add -I with the folder the import is relative to`;
  }
  const shown = near.slice(0, 3).map((path) => displayPath(path, cwd));
  return `did you mean ${shown.join(" or ")}? An import is relative to a proto path (-I)`;
}
