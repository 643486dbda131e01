import { realpathSync } from "node:fs";

/** The real path of a file or folder, links followed and in the disk's own case; `undefined` where there is none. */
export type RealPath = (path: string) => string | undefined;

/**
 * Real paths, each looked up once.
 *
 * @param files those whose real paths are known already
 */
export function realPaths(files: readonly { readonly path: string; readonly real: string }[] = []): RealPath {
  const known = new Map<string, string | undefined>(files.map(({ path, real }) => [path, real]));
  return (path) => {
    if (!known.has(path)) known.set(path, lookUp(path));
    return known.get(path);
  };
}

function lookUp(path: string): string | undefined {
  try {
    // "native" has the case that the disk has, where it does not tell case apart.
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
