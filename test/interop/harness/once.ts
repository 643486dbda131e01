import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cache } from "./paths.js";

/** Runs `build` once for each `key`; a stamp in the cache says that it was done. */
export async function once(name: string, key: string, build: () => Promise<void>): Promise<void> {
  const stamp = join(cache, "stamps", name);
  if ((await readFile(stamp, "utf8").catch(() => "")) === key) return;
  await rm(stamp, { force: true });
  console.log(`install ${name}`);
  await build();
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, key);
}
