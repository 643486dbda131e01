import { existsSync } from "node:fs";
import { type ProtoRoot, pathIn } from "./proto-root.js";

/** The file that protoc reads for an import name: that of the first root which has one. */
export function findImport(roots: readonly ProtoRoot[], name: string): string | undefined {
  for (const root of roots) {
    const path = pathIn(root, name);
    if (path !== undefined && existsSync(path)) return path;
  }
  return undefined;
}
