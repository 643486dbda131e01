import { readdirSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { didYouMean } from "../errors/did-you-mean.js";

/** ` (did you mean "…"?)` for a path that does not exist, where its folder holds something of nearly that name. */
export function nearPath(given: string, cwd: string): string {
  const path = resolve(cwd, given);
  try {
    const near = didYouMean(basename(path), readdirSync(dirname(path)));
    // As the user wrote it, but for the last part.
    return near.replace(/"(.*)"/s, (_, name: string) => JSON.stringify(given.slice(0, lastPart(given)) + name));
  } catch {
    return "";
  }
}

function lastPart(given: string): number {
  const end = given.replace(/[\\/]+$/, "").length;
  return Math.max(given.lastIndexOf("/", end - 1), given.lastIndexOf("\\", end - 1)) + 1;
}
