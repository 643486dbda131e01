import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "../../process/run-process.js";

const pattern = /^\.gen-stubs-(\d+)-\d+\.tmp$/;
// Longer than any run: after that, a living process of that number is another program.
const oldMs = 24 * 60 * 60 * 1000;

/** Name of a temporary file of this process; short, so that a target's name may be as long as the system allows. */
export function temporaryName(index: number): string {
  return `.gen-stubs-${process.pid}-${index}.tmp`;
}

/**
 * Removes the temporary files in a folder that runs left which were killed. Those of a run that may still be at work stay:
 * its process is alive, and the file is not old.
 */
export function sweepTemporaries(folder: string, now: number = Date.now()): void {
  for (const name of entries(folder)) {
    const pid = Number(pattern.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid)) continue;
    const path = join(folder, name);
    try {
      const stats = lstatSync(path);
      if (stats.isFile() && (!isAlive(pid) || now - stats.mtimeMs > oldMs)) rmSync(path, { force: true });
    } catch {
      // Somebody else's to remove, or gone already: the run does not hang on it.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and another user's.
    return errnoOf(error) !== "ESRCH";
  }
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
