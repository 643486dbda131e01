import { existsSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { GenStubsError } from "../errors/gen-stubs-error.js";
import { errnoOf, runProcess } from "../process/run-process.js";
import type { Compiled } from "./compiled.js";
import { parseDescriptorSet } from "./descriptor-set.js";
import { displayPath } from "./proto-roots.js";

export interface BufWorkspace {
  /** Absolute folder of the `buf.yaml` or `buf.work.yaml`. */
  readonly folder: string;
  /** The buf program. */
  readonly buf: string;
}

/** The buf workspace all paths lie in, if there is one and buf is at hand (`node_modules/.bin` or PATH). */
export function findBufWorkspace(paths: readonly string[], cwd: string): BufWorkspace | undefined {
  const folders = new Set(paths.map((path) => workspaceOf(resolve(cwd, path))));
  const [folder] = folders;
  if (folders.size !== 1 || folder === undefined) return undefined;
  const buf = findBuf(folder);
  return buf === undefined ? undefined : { folder, buf };
}

function workspaceOf(path: string): string | undefined {
  let found: string | undefined;
  for (let folder = path; ; folder = dirname(folder)) {
    // A workspace file governs the modules below it; without one, the nearest module counts.
    if (existsSync(join(folder, "buf.work.yaml"))) return folder;
    if (found === undefined && existsSync(join(folder, "buf.yaml"))) found = folder;
    if (folder === dirname(folder) || existsSync(join(folder, ".git"))) return found;
  }
}

function findBuf(start: string): string | undefined {
  const names = process.platform === "win32" ? ["buf.exe", "buf.cmd"] : ["buf"];
  const folders: string[] = [];
  for (let folder = start; ; folder = dirname(folder)) {
    folders.push(join(folder, "node_modules", ".bin"));
    if (folder === dirname(folder)) break;
  }
  folders.push(...(process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== ""));
  for (const folder of folders) {
    // A .cmd cannot be spawned without a shell, so the JavaScript behind npm's shim is not an option on Windows.
    const name = names.find((candidate) => !candidate.endsWith(".cmd") && existsSync(join(folder, candidate)));
    if (name !== undefined) return join(folder, name);
  }
  return undefined;
}

/**
 * Builds the workspace with buf; only the paths given are generated from.
 *
 * @throws GenStubsError GS2003 with buf's own words for errors in the files, GS2011 when buf does not run.
 */
export async function buildWithBuf(workspace: BufWorkspace, paths: readonly string[], cwd: string): Promise<Compiled> {
  const targets = paths.map((path) => resolve(cwd, path)).filter((path) => path !== workspace.folder);
  const args = ["build", workspace.folder, "--output=-#format=binpb", "--error-format=text"];
  // One path that is the workspace itself means all of it.
  if (targets.length === paths.length) args.push(...targets.map((path) => `--path=${path}`));
  const result = await runProcess(workspace.buf, args, { cwd }).catch((error: unknown) => {
    throw new GenStubsError({
      code: "GS2011",
      message: `${workspace.buf} could not be started (${errnoOf(error) ?? String(error)})`,
      hint: "give -I to compile with protoc instead",
    });
  });
  if (result.code !== 0) {
    const faults = result.stderr.split(/\r?\n/).flatMap((line) => {
      const match = /^(.*?\.proto):(\d+):(\d+):(.*)$/.exec(line);
      if (match === null) return [];
      const file = displayPath(resolve(cwd, match[1] ?? ""), cwd);
      return [
        {
          code: "GS2003" as const,
          message: (match[4] ?? "").trim(),
          file,
          line: Number(match[2]),
          column: Number(match[3]),
        },
      ];
    });
    const [first, ...rest] = faults;
    if (first !== undefined) throw new GenStubsError(first, ...rest);
    throw new GenStubsError({
      code: "GS2011",
      message: `buf build failed: ${result.stderr.trim()}`,
      hint: "give -I to compile with protoc instead",
    });
  }
  const files = parseDescriptorSet(result.stdout, "buf's output");
  const generate = [...files.values()].filter((file) => !file.isImport).map((file) => file.name);
  return { files, generate, paths: new Map(), compiler: "buf", warnings: [] };
}
