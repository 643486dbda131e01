import { existsSync, readFileSync } from "node:fs";
import { basename, delimiter, dirname, join, resolve, sep } from "node:path";
import { noCache } from "../cache/cache.js";
import type { FileSet } from "../descriptors/file-set.js";
import { type Fault, GenStubsError, throwFaults } from "../errors/gen-stubs-error.js";
import { errnoOf, runProcess } from "../process/run-process.js";
import { cachedBuf } from "./cached-buf.js";
import type { CompileOptions } from "./compile-options.js";
import type { Compiled } from "./compiled.js";
import { parseDescriptorSet } from "./descriptor-set.js";
import type { ImportAdvice } from "./diagnosis/import-advice.js";
import { missingImportFaults } from "./diagnosis/missing-imports.js";
import { hiddenMessageHint } from "./hidden-message.js";
import { type ImportStatement, importStatements } from "./import-statements.js";
import type { InputFile } from "./inputs.js";
import { displayPath } from "./paths.js";
import type { ProtoRoot } from "./proto-root.js";

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
 * Builds the workspace with buf, which brings its dependencies; of its files, the inputs are generated from. `undefined`
 * where none of them belongs to a module of the workspace.
 *
 * @throws GenStubsError GS2003 with buf's own words for errors in the files, GS2011 when buf does not run.
 */
export async function buildWithBuf(
  workspace: BufWorkspace,
  inputs: readonly InputFile[],
  { cwd, signal, cache = noCache }: Pick<CompileOptions, "cwd" | "signal" | "cache">,
  advise: ImportAdvice,
): Promise<Compiled | undefined> {
  const built = await cachedBuf(workspace, cache, async () => {
    const args = ["build", workspace.folder, "--output=-#format=binpb", "--error-format=text"];
    const result = await runProcess(workspace.buf, args, { cwd, signal }).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw unusable(`${workspace.buf} could not be started (${errnoOf(error) ?? String(error)})`);
    });
    return result.code === 0 ? { descriptors: result.stdout } : { stderr: result.stderr };
  });
  if ("stderr" in built) {
    throwFaults(bufFaults(built.stderr, cwd, advise));
    throw unusable(`buf build failed: ${built.stderr.trim()}`);
  }
  const files = parseDescriptorSet(built.descriptors, "buf's output");
  const paths = matchInputs(files, inputs);
  if (paths.size === 0) return undefined;
  const covered = new Set(paths.values());
  // Files beside the modules in a folder are ignored; a file that is given by itself must belong to the workspace.
  const outside = inputs.filter(({ path, folder }) => folder === undefined && !covered.has(path));
  throwFaults(
    outside.map(({ path }) => ({
      code: "GS2002",
      message: `the file belongs to no module of the buf workspace ${displayPath(workspace.folder, cwd)}`,
      file: displayPath(path, cwd),
      hint: "add its folder to buf.yaml, or give -I to compile with protoc instead",
    })),
  );
  return {
    files,
    generate: [...paths.keys()],
    paths,
    roots: rootsOf(paths),
    imports: [workspace.folder],
    compiler: "buf",
    warnings: [],
  };
}

/** Sources of the workspace's own files, by import name, as far as they are among the inputs. */
function matchInputs(files: FileSet, inputs: readonly InputFile[]): ReadonlyMap<string, string> {
  const byName = new Map<string, string[]>();
  for (const { path } of inputs) {
    const list = byName.get(basename(path));
    if (list === undefined) byName.set(basename(path), [path]);
    else list.push(path);
  }
  const paths = new Map<string, string>();
  for (const { name, isImport } of files.values()) {
    const tail = sep + name.split("/").join(sep);
    const input = isImport ? undefined : byName.get(basename(name))?.find((path) => path.endsWith(tail));
    if (input !== undefined) paths.set(name, input);
  }
  return paths;
}

/** The folders of the modules: what is left of a source's path in front of its import name. */
function rootsOf(paths: ReadonlyMap<string, string>): readonly ProtoRoot[] {
  const folders = new Set([...paths].map(([name, path]) => path.slice(0, -name.length - 1)));
  return [...folders].map((folder) => ({ virtual: "", folder }));
}

function unusable(message: string): GenStubsError {
  return new GenStubsError({ code: "GS2011", message, hint: "give -I to compile with protoc instead" });
}

function bufFaults(stderr: string, cwd: string, advise: ImportAdvice): readonly Fault[] {
  const missing = new Map<string, ImportStatement[]>();
  const faults = stderr.split(/\r?\n/).flatMap((text): Fault[] => {
    const match = /^(.*?\.proto):(\d+):(\d+):(.*)$/.exec(text);
    if (match === null) return [];
    const path = resolve(cwd, match[1] ?? "");
    const line = Number(match[2]);
    const content = existsSync(path) ? readFileSync(path, "utf8") : undefined;
    const source = content?.split(/\r?\n/)[line - 1];
    const message = (match[4] ?? "").trim();
    const place = { file: displayPath(path, cwd), line, column: Number(match[3]) };
    const known = { ...place, ...(source === undefined ? {} : { source }) };
    const statement = message === "imported file does not exist" ? importAt(content ?? "", path, place) : undefined;
    if (statement === undefined) {
      const hint = hiddenMessageHint(message, content ?? "");
      return [{ code: "GS2003", message, ...known, ...(hint === undefined ? {} : { hint }) }];
    }
    missing.set(statement.name, [...(missing.get(statement.name) ?? []), statement]);
    return [];
  });
  // What a file does not find after an import is missing follows from that.
  const importers = new Set([...missing.values()].flat().map(({ file }) => displayPath(file, cwd)));
  const others = faults.filter(({ file, message }) => !(importers.has(file ?? "") && /^cannot find `/.test(message)));
  return [...missingImportFaults(missing, advise, cwd), ...others];
}

/** The import that stands there; a line may have several. */
function importAt(
  content: string,
  path: string,
  { line, column }: { readonly line: number; readonly column: number },
): ImportStatement | undefined {
  const there = importStatements(content, path).filter((statement) => statement.line === line);
  return there.findLast((statement) => statement.column <= column) ?? there[0];
}
