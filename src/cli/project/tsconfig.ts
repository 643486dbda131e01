import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { TsConfigResult } from "get-tsconfig";

/**
 * The configuration that a file in this folder belongs to; null where there is none. It is the tsconfig.json beside or above the
 * folder or, where that one leaves the folder to the projects it references (as `npm create vite` and Nx write it), the first of
 * those that includes it: TypeScript's own editors look it up in this way.
 */
export async function readTsconfig(folder: string): Promise<TsConfigResult | null> {
  const { createFilesMatcher, getTsconfig, parseTsconfig } = await import("get-tsconfig");
  const file = join(folder, "x.ts");
  const seen = new Set<string>();
  const including = (result: TsConfigResult): TsConfigResult | undefined => {
    if (seen.has(result.path)) return undefined;
    seen.add(result.path);
    if (createFilesMatcher(result)(file) !== undefined) return result;
    for (const reference of result.config.references ?? []) {
      const path = configPath(resolve(dirname(result.path), reference.path));
      const found = path === undefined ? undefined : including({ path, config: parseTsconfig(path) });
      if (found !== undefined) return found;
    }
    return undefined;
  };
  try {
    const nearest = getTsconfig(file);
    return nearest === null ? null : (including(nearest) ?? nearest);
  } catch {
    // A broken tsconfig.json is for tsc to report.
    return null;
  }
}

/** A reference names a file, or a folder with a tsconfig.json. */
function configPath(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) return configPath(join(path, "tsconfig.json"));
  return stats === undefined ? undefined : path;
}
