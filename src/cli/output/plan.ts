import { lstatSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { isInside } from "../../compile/paths.js";
import type { GeneratedFile } from "../../descriptors/response.js";
import { type Fault, throwFaults } from "../../errors/gen-stubs-error.js";
import { errnoOf } from "../../process/run-process.js";
import { normalize, sameContent } from "./compare.js";
import { differsInCase, diskSpelling } from "./disk-names.js";
import { ownerOf } from "./ownership.js";
import { outputPath } from "./safe-path.js";
import { sameButLayout } from "./same-layout.js";

/** What is to be done with one output. */
export interface PlannedFile extends GeneratedFile {
  readonly path: string;
  /** `layout`: on disk with the same content, laid out by a formatter. */
  readonly state: "missing" | "stale" | "layout" | "same";
  /** What is on disk now, where there is something that differs: of thousands of files nothing is kept twice. */
  readonly disk: string | undefined;
  /** Its name as the disk spells it, where the case differs: on a disk that takes both for one file. */
  readonly spelled?: string;
}

/**
 * Compares outputs with the output folder, changing nothing.
 *
 * @throws GenStubsError GS5002 for files in the way that were not generated, GS5003 for symbolic links, GS5004 for what
 * cannot be read.
 */
export function planOutputs(out: string, outputs: readonly GeneratedFile[]): readonly PlannedFile[] {
  const faults: Fault[] = [];
  throwFaults(outFaults(out));
  const folders = new Map<string, Fault | undefined>();
  const spelling = diskSpelling(out);
  const planned: PlannedFile[] = [];
  for (const output of outputs) {
    const path = outputPath(out, output.name);
    const fault = folderFault(out, output.name, folders);
    if (fault !== undefined) {
      if (!faults.includes(fault)) faults.push(fault);
      continue;
    }
    const found = readOutput(path);
    if (typeof found === "object") faults.push(found);
    else if (found === undefined) planned.push({ ...output, path, state: "missing", disk: undefined });
    else if (ownerOf(found) === undefined) faults.push(notOurs(path));
    else {
      const spelled = spelling(output.name);
      const respelled = spelled !== undefined && differsInCase(spelled, output.name);
      const state = respelled ? "stale" : stateOf(found, output.content);
      const disk = state === "same" ? undefined : found;
      planned.push({ ...output, path, disk, state, ...(respelled ? { spelled } : {}) });
    }
  }
  throwFaults(faults);
  return planned;
}

function stateOf(disk: string, wanted: string): PlannedFile["state"] {
  if (sameContent(disk, wanted)) return "same";
  return sameButLayout(normalize(disk), normalize(wanted)) ? "layout" : "stale";
}

/** The output folder must be a folder, if it is there; it may be a link to one. */
function outFaults(out: string): readonly Fault[] {
  try {
    const stats = statSync(out, { throwIfNoEntry: false });
    if (stats === undefined || stats.isDirectory()) return [];
    return [{ code: "GS5002", message: "--out is a file; it must be a folder", file: out }];
  } catch (error) {
    const code = errnoOf(error);
    const message = code === "ENOTDIR" ? "a file stands above it" : `it cannot be read (${code ?? String(error)})`;
    return [{ code: "GS5004", message, file: out }];
  }
}

/** Each folder between the output folder and a file must be a real one, or a link that stays inside. */
function folderFault(out: string, name: string, known: Map<string, Fault | undefined>): Fault | undefined {
  const parts = name.split("/").slice(0, -1);
  for (let i = 1; i <= parts.length; i++) {
    const folder = join(out, ...parts.slice(0, i));
    if (!known.has(folder)) known.set(folder, checkFolder(out, folder));
    const fault = known.get(folder);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function checkFolder(out: string, folder: string): Fault | undefined {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined || stats.isDirectory()) return undefined;
  if (!stats.isSymbolicLink()) {
    return { code: "GS5002", message: "a file stands where a folder is needed", file: folder, hint: "move it away" };
  }
  try {
    if (isInside(realpathSync(out), realpathSync(folder))) return undefined;
  } catch {
    // a link to nothing
  }
  return linkFault(folder);
}

function readOutput(path: string): string | Fault | undefined {
  try {
    const stats: Stats | undefined = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    if (stats.isSymbolicLink()) return linkFault(path);
    if (!stats.isFile()) {
      return {
        code: "GS5002",
        message: "a folder stands where a file is to be written",
        file: path,
        hint: "move it away",
      };
    }
    return readFileSync(path, "utf8");
  } catch (error) {
    return { code: "GS5004", message: `it cannot be read (${errnoOf(error) ?? String(error)})`, file: path };
  }
}

function linkFault(file: string): Fault {
  return {
    code: "GS5003",
    message: "a symbolic link stands where gen-stubs writes; it does not follow links out of the output folder",
    file,
    hint: "remove the link, or give the folder it leads to as --out",
  };
}

function notOurs(file: string): Fault {
  return {
    code: "GS5002",
    message: "this file was not generated (it has no @generated header); gen-stubs does not overwrite it",
    file,
    hint: "move it away, or choose another --out",
  };
}
