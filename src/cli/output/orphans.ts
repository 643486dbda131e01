import { readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { isInside } from "../../compile/paths.js";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import { errnoOf } from "../../process/run-process.js";
import { sourceOf } from "./ownership.js";
import { outputPath } from "./safe-path.js";

/**
 * Files in the output folder that bear our marks, by name, sorted: for what no manifest knows of. Links are not followed;
 * `node_modules` and folders whose names begin with a dot are left alone.
 *
 * @param passed names that need not be looked at
 * @param endings endings of generated files; others are not read
 */
export function findGenerated(
  out: string,
  passed: (name: string) => boolean,
  endings: readonly string[],
): readonly string[] {
  const found: string[] = [];
  const open = [""];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of readEntries(join(out, folder))) {
      const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules" && !entry.name.startsWith(".")) open.push(name);
        continue;
      }
      if (!entry.isFile() || passed(name) || !endings.some((ending) => name.endsWith(ending))) continue;
      if (sourceOf(readFileSync(outputPath(out, name), "utf8"), name) !== undefined) found.push(name);
    }
  }
  return found.sort();
}

function readEntries(folder: string): ReturnType<typeof list> {
  try {
    return list(folder);
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return [];
    throw new GenStubsError({ code: "GS5004", message: `it cannot be read (${String(error)})`, file: folder });
  }
}

const list = (folder: string) => readdirSync(folder, { withFileTypes: true });

/** Removes orphans, and the folders that they leave empty. */
export function removeOrphans(out: string, names: readonly string[]): void {
  for (const name of names) {
    const path = outputPath(out, name);
    try {
      rmSync(path);
    } catch (error) {
      throw new GenStubsError({
        code: "GS5004",
        message: `it cannot be removed (${errnoOf(error) ?? String(error)})`,
        file: path,
      });
    }
    for (let folder = dirname(path); isInside(out, folder); folder = dirname(folder)) {
      try {
        rmdirSync(folder);
      } catch {
        break;
      }
    }
  }
}
