import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import { errnoOf } from "../../process/run-process.js";
import type { PlannedFile } from "./plan.js";

/**
 * Writes what differs. All new content goes into temporary files beside their targets first; only when every one of them
 * is on disk are they renamed into place, so a full disk or a read-only folder leaves the output as it was.
 *
 * @throws GenStubsError GS5004.
 */
export function writeOutputs(planned: readonly PlannedFile[]): void {
  const staged: { readonly temporary: string; readonly path: string }[] = [];
  const folders: string[] = [];
  let current = "";
  try {
    for (const { path, state, content } of planned) {
      if (state === "same") continue;
      current = path;
      const made = mkdirSync(dirname(path), { recursive: true });
      if (made !== undefined) folders.push(made);
      const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
      staged.push({ temporary, path });
      // "wx": never through a link that somebody put there.
      writeFileSync(temporary, content, { flag: "wx" });
    }
    for (const { temporary, path } of staged) {
      current = path;
      renameSync(temporary, path);
    }
  } catch (error) {
    for (const { temporary } of staged) rmSync(temporary, { force: true });
    for (const folder of folders.reverse()) removeEmptyFolders(folder);
    const why = error instanceof Error ? error.message : String(error);
    throw new GenStubsError({
      code: "GS5004",
      message: `it cannot be written: ${errnoOf(error) === undefined ? why : describe(errnoOf(error), why)}`,
      file: current,
    });
  }
}

function describe(code: string | undefined, why: string): string {
  if (code === "EACCES" || code === "EPERM") return `permission denied (${code})`;
  if (code === "EROFS") return "the file system is read-only (EROFS)";
  if (code === "ENOSPC") return "the disk is full (ENOSPC)";
  return why;
}

/** Removes a folder this run made, with the folders in it, as far as they hold no files. */
function removeEmptyFolders(folder: string): void {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) removeEmptyFolders(join(folder, entry.name));
    }
    rmdirSync(folder);
  } catch {
    // not empty, or gone: leave it
  }
}
