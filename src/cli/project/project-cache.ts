import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import envPaths from "env-paths";
import type { Cache } from "../../cache/cache.js";
import { diskCache } from "../../cache/disk-cache.js";

/** The cache of the project that a folder belongs to. */
export function projectCache(cwd: string): Cache {
  return diskCache(cacheFolder(cwd));
}

/**
 * Where results are kept: in `node_modules/.cache`, as other tools of a project do, and where there are no `node_modules`,
 * in the user's folder for caches.
 */
export function cacheFolder(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const modules = join(folder, "node_modules");
    if (existsSync(modules) && existsSync(join(folder, "package.json"))) return join(modules, ".cache", "gen-stubs");
    if (folder === dirname(folder) || existsSync(join(folder, ".git"))) break;
  }
  return envPaths("gen-stubs", { suffix: "" }).cache;
}
