import { join } from "node:path";
import type { TsConfigResult } from "get-tsconfig";

/** The tsconfig.json that a file in this folder belongs to, beside or above it; null where there is none. */
export async function readTsconfig(folder: string): Promise<TsConfigResult | null> {
  const { getTsconfig } = await import("get-tsconfig");
  try {
    return getTsconfig(join(folder, "x.ts"));
  } catch {
    // A broken tsconfig.json is for tsc to report.
    return null;
  }
}
