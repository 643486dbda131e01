import { join, relative, sep } from "node:path";
import { isInside } from "./paths.js";

/** A folder that import names are relative to, perhaps behind a prefix of names: protoc's `-I VIRTUAL=DISK`. */
export interface ProtoRoot {
  /** What names of its files start with, before a `/`; `""` for nothing. */
  readonly virtual: string;
  /** Absolute path. */
  readonly folder: string;
}

/** The import name that a root gives to a file; `undefined` where the file does not lie below it. */
export function nameIn(root: ProtoRoot, path: string): string | undefined {
  if (!isInside(root.folder, path)) return undefined;
  const rest = relative(root.folder, path).split(sep).join("/");
  return root.virtual === "" ? rest : `${root.virtual}/${rest}`;
}

/** Where a root would have the file of an import name; `undefined` where the name does not start as the root's names do. */
export function pathIn(root: ProtoRoot, name: string): string | undefined {
  if (root.virtual === "") return join(root.folder, name);
  return name.startsWith(`${root.virtual}/`) ? join(root.folder, name.slice(root.virtual.length + 1)) : undefined;
}
