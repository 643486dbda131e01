import { readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import { makeFolder } from "../../process/make-folder.js";
import { errnoOf } from "../../process/run-process.js";
import type { PlannedFile } from "./plan.js";
import { sweepTemporaries, temporaryName } from "./temporary.js";

/** What of a planned file writing needs. */
export type FileToWrite = Pick<PlannedFile, "path" | "content" | "state" | "disk">;

interface Staged {
  readonly file: FileToWrite;
  readonly temporary: string;
}

/**
 * Writes what differs. All new content goes into temporary files beside their targets first; only when every one of them
 * is on disk are they renamed into place, so a full disk or a read-only folder leaves the output as it was. Should a
 * rename fail after all, those before it are undone. All of it happens in one turn of the event loop, so that a signal
 * which somebody listens to finds the output as it was, or whole. Temporary files of killed runs are removed.
 *
 * @throws GenStubsError GS5004.
 */
export function writeOutputs(planned: readonly FileToWrite[]): void {
  const staged: Staged[] = [];
  const renamed: Staged[] = [];
  const folders: string[] = [];
  let current = "";
  for (const folder of new Set(planned.map((file) => dirname(file.path)))) sweepTemporaries(folder);
  try {
    for (const file of planned) {
      if (file.state === "same") continue;
      current = file.path;
      const folder = dirname(file.path);
      const made = makeFolder(folder);
      if (made !== undefined) folders.push(made);
      const temporary = join(folder, temporaryName(staged.length));
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
  if (code === "EEXIST" || code === "ENOTDIR") return `a file is where a folder must be (${code})`;
  return error instanceof Error ? error.message : String(error);
}
