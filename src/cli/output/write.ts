import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import { errnoOf } from "../../process/run-process.js";
import type { PlannedFile } from "./plan.js";

interface Staged {
  readonly file: PlannedFile;
  readonly temporary: string;
}

/**
 * Writes what differs. All new content goes into temporary files beside their targets first; only when every one of them
 * is on disk are they renamed into place, so a full disk or a read-only folder leaves the output as it was. Should a
 * rename fail after all, those before it are undone.
 *
 * @throws GenStubsError GS5004.
 */
export function writeOutputs(planned: readonly PlannedFile[]): void {
  const staged: Staged[] = [];
  const renamed: Staged[] = [];
  const folders: string[] = [];
  let current = "";
  try {
    for (const file of planned) {
      if (file.state === "same") continue;
      current = file.path;
      const folder = dirname(file.path);
      const made = mkdirSync(folder, { recursive: true });
      if (made !== undefined) folders.push(made);
      // Short, so that a target's name may be as long as the system allows.
      const temporary = join(folder, `.gen-stubs-${process.pid}-${staged.length}.tmp`);
      staged.push({ file, temporary });
      // "wx": never through a link that somebody put there.
      writeFileSync(temporary, file.content, { flag: "wx" });
    }
    for (const entry of staged) {
      current = entry.file.path;
      renameSync(entry.temporary, entry.file.path);
      renamed.push(entry);
    }
  } catch (error) {
    undo(staged, renamed, folders);
    throw new GenStubsError({ code: "GS5004", message: `it cannot be written: ${describe(error)}`, file: current });
  }
}

/** Puts everything back, as far as the system lets it. */
function undo(staged: readonly Staged[], renamed: readonly Staged[], folders: readonly string[]): void {
  for (const { temporary } of staged) quietly(() => rmSync(temporary, { force: true }));
  for (const { file, temporary } of renamed) {
    const { disk } = file;
    if (disk === undefined) quietly(() => rmSync(file.path, { force: true }));
    else {
      quietly(() => {
        writeFileSync(temporary, disk, { flag: "wx" });
        renameSync(temporary, file.path);
      });
    }
  }
  for (const folder of folders) removeEmptyFolders(folder);
}

/** Removes a folder this run made, with the folders in it, as far as they hold no files. */
function removeEmptyFolders(folder: string): void {
  quietly(() => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) removeEmptyFolders(join(folder, entry.name));
    }
    rmdirSync(folder);
  });
}

function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // The failure that led here is the one to report.
  }
}

function describe(error: unknown): string {
  const code = errnoOf(error);
  if (code === "EACCES" || code === "EPERM") return `permission denied (${code})`;
  if (code === "EROFS") return "the file system is read-only (EROFS)";
  if (code === "ENOSPC") return "the disk is full (ENOSPC)";
  if (code === "ENAMETOOLONG") return "its name is too long for the file system (ENAMETOOLONG)";
  return error instanceof Error ? error.message : String(error);
}
