import { resolve } from "node:path";
import { GenStubsError, throwFaults } from "../errors/gen-stubs-error.js";
import { buildWithBuf, findBufWorkspace } from "./buf.js";
import { type BufConfig, isExcluded } from "./buf-modules.js";
import { cachedProtoc } from "./cached-protoc.js";
import type { CompileOptions } from "./compile-options.js";
import type { Compiled } from "./compiled.js";
import { parseDescriptorSet, readDescriptorSet, selectFiles } from "./descriptor-set.js";
import { diagnose, importAdvice, situationOf } from "./diagnosis/diagnose.js";
import type { ImportAdvice } from "./diagnosis/import-advice.js";
import { editionFault } from "./editions.js";
import { type Exclude, excludePatterns } from "./exclude.js";
import { findImport } from "./find-import.js";
import { findProtoc } from "./find-protoc.js";
import { findInputs, type InputFile, readProtoPaths } from "./inputs.js";
import { displayPath } from "./paths.js";
import { type RootContext, rootInputs } from "./proto-roots.js";
import { fromDisk } from "./proto-sources.js";
import { protocWarnings } from "./protoc-messages.js";
import { ownIncludes } from "./run-protoc.js";
import { nearestWith } from "./workspace.js";
/**
 * Turns the user's paths into descriptors: from a descriptor set, with buf where the paths lie in its workspace and buf
 * is at hand, else with protoc.
 *
 * @throws GenStubsError for whatever is wrong, see the registry: GS1005, GS20xx.
 */
export async function compile(options: CompileOptions): Promise<Compiled> {
  const { exclude, unused } = excludePatterns(options.exclude, options.cwd);
  const compiled = await compileWithout(exclude, options);
  const inVain = unused().map((pattern) => `--exclude "${pattern}" leaves nothing out`);
  return inVain.length === 0 ? compiled : { ...compiled, warnings: [...inVain, ...compiled.warnings] };
}

async function compileWithout(exclude: Exclude, options: CompileOptions): Promise<Compiled> {
  if (options.descriptorSet !== undefined) {
    const files = readDescriptorSet(options.descriptorSet, options.cwd);
    const selected = selectFiles(files, options.paths, options.descriptorSet);
    const generate = selected.filter((name) => !exclude(resolve(options.cwd, name)));
    options.onStart?.(generate.length);
    return { files, generate, paths: new Map(), roots: [], imports: [], compiler: options.descriptorSet, warnings: [] };
  }
  const given = readProtoPaths(options.protoPaths, options.cwd);
  const buf = await governingBufConfig(options.paths, options.cwd);
  const inputs = findInputs(options.paths, options.cwd, leftOut(exclude, buf));
  if (inputs.length === 0) {
    throw new GenStubsError({ code: "GS2001", message: `no .proto file in ${options.paths.join(", ")}` });
  }
  options.onStart?.(inputs.length);
  if (options.protoPaths.length === 0 && options.protoc === undefined) {
    const workspace = findBufWorkspace(options.paths, options.cwd);
    const built =
      workspace === undefined
        ? undefined
        : await buildWithBuf(
            workspace,
            inputs,
            options,
            adviceWithoutBuf(inputs, { given, buf: undefined, sources: fromDisk, cwd: options.cwd }),
          );
    if (built !== undefined) return built;
  }
  return compileWithProtoc(inputs, { given, buf, sources: fromDisk, cwd: options.cwd }, options);
}

/** The buf configuration that governs all the paths, if one does. */
async function governingBufConfig(paths: readonly string[], cwd: string): Promise<BufConfig | undefined> {
  const folders = paths.map((path) => resolve(cwd, path));
  if (!folders.some((folder) => ["buf.yaml", "buf.work.yaml"].some((name) => nearestWith(folder, name))))
    return undefined;
  // It reads YAML: loaded where there is some.
  const { readBufConfig } = await import("./buf-config.js");
  const configs = folders.map((folder) => readBufConfig(folder));
  return new Set(configs.map((config) => config?.file)).size === 1 ? configs[0] : undefined;
}

/** Advice for what buf does not find: with -I, protoc compiles. */
function adviceWithoutBuf(inputs: readonly InputFile[], context: RootContext): ImportAdvice {
  let advise: ImportAdvice | undefined;
  return (name) => {
    advise ??= importAdvice(situationOf(inputs, rootInputs(inputs, context), context, []), "not asked");
    return advise(name);
  };
}

/** What is left out: by --exclude, and by the buf configuration, with buf and without. */
function leftOut(byPattern: Exclude, buf: BufConfig | undefined): Exclude {
  return (path, base) => byPattern(path, base) || (buf !== undefined && isExcluded(buf, path));
}

async function compileWithProtoc(
  inputs: readonly InputFile[],
  context: RootContext,
  options: CompileOptions,
): Promise<Compiled> {
  const rooted = rootInputs(inputs, context);
  const bufIs = options.protoPaths.length === 0 && options.protoc === undefined ? "missing" : "not asked";
  const protoc = await findProtoc(options.protoc, options.cwd);
  const { descriptors, stderr } = await cachedProtoc(protoc, rooted, options);
  if (descriptors === undefined) {
    const tooOld = inputs.flatMap(({ path }) => {
      const fault = editionFault(displayPath(path, options.cwd), context.sources.text(path), protoc);
      return fault === undefined ? [] : [fault];
    });
    throwFaults(
      tooOld.length > 0
        ? tooOld
        : diagnose({ ...situationOf(inputs, rooted, context, ownIncludes(protoc)), stderr, rooted, bufIs }),
    );
    throw new Error("protoc failed and no fault was found");
  }
  const files = parseDescriptorSet(descriptors, "protoc's output");
  const paths = new Map(rooted.files.map((file) => [file.name, file.path]));
  const roots = [...rooted.roots, ...ownIncludes(protoc)];
  return {
    files,
    generate: rooted.files.map((file) => file.name),
    paths,
    roots: rooted.inputRoots,
    imports: [...files.keys()].flatMap((name) => (paths.has(name) ? [] : (findImport(roots, name) ?? []))),
    compiler: `protoc ${protoc.version}`,
    warnings: protocWarnings(stderr, options.cwd),
  };
}
