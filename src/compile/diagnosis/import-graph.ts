import type { ImportStatement } from "../import-statements.js";
import { type ProtoRoot, pathIn } from "../proto-root.js";
import type { NamedProto } from "../proto-roots.js";
import type { ProtoSources } from "../proto-sources.js";
import type { RealPath } from "../real-paths.js";

/** A file that compiling would read, by every name that it would be read by. */
export interface GraphFile {
  /** Absolute path, as it was found first. */
  readonly path: string;
  readonly real: string;
  readonly text: string;
  /** The name it has as an input, if it is one. */
  readonly inputName: string | undefined;
  /** The imports that lead to it, by the name they use. */
  readonly importedAs: ReadonlyMap<string, readonly ImportStatement[]>;
}

export interface ImportGraph {
  /** By real path, inputs first. */
  readonly files: ReadonlyMap<string, GraphFile>;
  /** Imports that lead nowhere, by name. */
  readonly missing: ReadonlyMap<string, readonly ImportStatement[]>;
}

interface OpenFile extends GraphFile {
  readonly importedAs: Map<string, ImportStatement[]>;
}

/** Follows the imports of the inputs through the roots, as protoc would, but to the end. */
export function importGraph(
  inputs: readonly NamedProto[],
  roots: readonly ProtoRoot[],
  realOf: RealPath,
  sources: ProtoSources,
): ImportGraph {
  const files = new Map<string, OpenFile>();
  const missing = new Map<string, ImportStatement[]>();
  const open: OpenFile[] = [];
  const add = (path: string, real: string, inputName: string | undefined): OpenFile => {
    const file = { path, real, text: sources.text(path), inputName, importedAs: new Map<string, ImportStatement[]>() };
    files.set(real, file);
    open.push(file);
    return file;
  };
  for (const { path, real, name } of inputs) add(path, real, name);
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    for (const statement of sources.imports(next.path)) {
      const found = resolveImport(statement.name, roots, realOf);
      const lists =
        found === undefined ? missing : (files.get(found.real) ?? add(found.path, found.real, undefined)).importedAs;
      const list = lists.get(statement.name);
      if (list === undefined) lists.set(statement.name, [statement]);
      else list.push(statement);
    }
  }
  return { files, missing };
}

function resolveImport(
  name: string,
  roots: readonly ProtoRoot[],
  realOf: RealPath,
): { readonly path: string; readonly real: string } | undefined {
  for (const root of roots) {
    const path = pathIn(root, name);
    const real = path === undefined ? undefined : realOf(path);
    if (path !== undefined && real !== undefined) return { path, real };
  }
  return undefined;
}
