import { existsSync } from "node:fs";
import { join } from "node:path";

/** The file that protoc reads for an import name: that of the first folder which has one. */
export function findImport(folders: readonly string[], name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
