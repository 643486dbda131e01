import { existsSync, lstatSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isInside } from "../../compile/paths.js";
import { diskSpelling, foldName } from "./disk-names.js";
import { sourceOf } from "./ownership.js";
import type { DiskFacts } from "./run-ownership.js";
import { outputPath } from "./safe-path.js";

/** The facts about an output folder before a run changes it. */
export function diskFacts(out: string, written: readonly string[]): DiskFacts {
  const spelling = diskSpelling(out);
  const exact = new Set(written);
  const byFold = new Map(written.map((name) => [foldName(name), name]));
  const sources = new Map<string, string | undefined>();
  return {
    inputExists: (input) => existsSync(resolve(out, input)) || existsSync(resolve(out, input.replace(/#[^#]*$/, ""))),
    covers: (outer, inner) => outer === inner || isInside(resolve(out, outer), resolve(out, inner)),
    sourceExists: (roots, source) =>
      roots.some((root) => {
        const path = sourcePath(out, root, source);
        return path !== undefined && existsSync(path);
      }),
    sourceOf(name) {
      if (!sources.has(name)) sources.set(name, readSource(out, name));
      return sources.get(name);
    },
    isWritten(name) {
      if (exact.has(name)) return true;
      const other = byFold.get(foldName(name));
      if (other === undefined) return false;
      const spelled = spelling(name);
      return spelled !== undefined && spelled === spelling(other);
    },
  };
}

/** Where a root holds an import name: the root is a folder, or `VIRTUAL=FOLDER` as protoc has it. */
function sourcePath(out: string, root: string, source: string): string | undefined {
  const equals = root.indexOf("=");
  if (equals < 0) return resolve(out, root, source);
  const virtual = root.slice(0, equals);
  const rest =
    virtual === "" ? source : source.startsWith(`${virtual}/`) ? source.slice(virtual.length + 1) : undefined;
  return rest === undefined ? undefined : resolve(out, root.slice(equals + 1), rest);
}

function readSource(out: string, name: string): string | undefined {
  const path = outputPath(out, name);
  try {
    // Neither a link, nor through one that leads out of the output folder.
    if (!lstatSync(path).isFile()) return undefined;
    const folder = realpathSync(dirname(path));
    const top = realpathSync(out);
    return folder === top || isInside(top, folder) ? sourceOf(readFileSync(path, "utf8"), name) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a file of the output folder is there. */
export function isThere(out: string, name: string): boolean {
  return lstatSync(join(out, ...name.split("/")), { throwIfNoEntry: false }) !== undefined;
}
