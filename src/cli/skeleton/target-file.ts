import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import { makeFolder } from "../../process/make-folder.js";
import { errnoOf } from "../../process/run-process.js";

/**
 * The text of the user's file; `undefined` where it is not there yet.
 *
 * @throws GenStubsError GS1005 where it cannot be read, GS7001 where it is no UTF-8.
 */
export function readTarget(path: string, shown: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw new GenStubsError({
      code: "GS1005",
      message: `--to: it cannot be read (${errnoOf(error) ?? String(error)})`,
      file: shown,
    });
  }
  const text = bytes.toString("utf8");
  if (Buffer.from(text).equals(bytes)) return text;
  throw new GenStubsError({ code: "GS7001", message: "it is not UTF-8", file: shown });
}

/** Replaces the file at once, so that an interruption leaves the old one or the new one. Throws GenStubsError GS5004. */
export function writeTarget(path: string, text: string, shown: string): void {
  let temporary: string | undefined;
  try {
    makeFolder(dirname(path));
    const there = statSync(path, { throwIfNoEntry: false });
    // Behind a link, it is the file that is written.
    const target = there === undefined ? path : realpathSync(path);
    temporary = join(dirname(target), `.gen-stubs-${process.pid}-skeleton.tmp`);
    writeFileSync(temporary, text, { flag: "wx", ...(there === undefined ? {} : { mode: there.mode }) });
    renameSync(temporary, target);
  } catch (error) {
    if (temporary !== undefined) rmSync(temporary, { force: true });
    const why = errnoOf(error) ?? String(error);
    throw new GenStubsError({ code: "GS5004", message: `it cannot be written (${why})`, file: shown });
  }
}
