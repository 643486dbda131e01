import { readFileSync } from "node:fs";
import type { Cache } from "../cache/cache.js";
import { GenStubsError, throwFaults } from "../errors/gen-stubs-error.js";
import { buildWithBuf, findBufWorkspace } from "./buf.js";
import { cachedProtoc } from "./cached-protoc.js";
import type { Compiled } from "./compiled.js";
import { parseDescriptorSet, readDescriptorSet, selectFiles } from "./descriptor-set.js";
import { editionFault } from "./editions.js";
import { findImport } from "./find-import.js";
import { findProtoc } from "./find-protoc.js";
import { checkProtoPaths, findInputs, type InputFile } from "./inputs.js";
import { importHelp } from "./missing-import.js";
import { displayPath, rootInputs } from "./proto-roots.js";
import { protocFaults, protocWarnings } from "./protoc-messages.js";
import { includeFolders } from "./run-protoc.js";

export interface CompileOptions {
  readonly paths: readonly string[];
  readonly protoPaths: readonly string[];
  readonly descriptorSet: string | undefined;
  /** Path of a protoc to use instead of the one that comes with this package. */
  readonly protoc: string | undefined;
  readonly cwd: string;
  readonly cache: Cache;
  /** Called once it is known how many files there are to compile. */
  readonly onStart?: (fileCount: number) => void;
}

/**
 * Turns the user's paths into descriptors: from a descriptor set, with buf where the paths lie in its workspace and buf
 * is at hand, else with protoc.
 *
 * @throws GenStubsError for whatever is wrong, see the registry: GS1005, GS20xx.
 */
export async function compile(options: CompileOptions): Promise<Compiled> {
  if (options.descriptorSet !== undefined) {
    const files = readDescriptorSet(options.descriptorSet, options.cwd);
    const generate = selectFiles(files, options.paths, options.descriptorSet);
    options.onStart?.(generate.length);
    return { files, generate, paths: new Map(), imports: [], compiler: options.descriptorSet, warnings: [] };
  }
  checkProtoPaths(options.protoPaths, options.cwd);
  const inputs = findInputs(options.paths, options.cwd);
  if (inputs.length === 0) {
    throw new GenStubsError({ code: "GS2001", message: `no .proto file in ${options.paths.join(", ")}` });
  }
  options.onStart?.(inputs.length);
  if (options.protoPaths.length === 0 && options.protoc === undefined) {
    const workspace = findBufWorkspace(options.paths, options.cwd);
    const built = workspace === undefined ? undefined : await buildWithBuf(workspace, inputs, options.cwd);
    if (built !== undefined) return built;
  }
  return compileWithProtoc(inputs, options);
}

async function compileWithProtoc(inputs: readonly InputFile[], options: CompileOptions): Promise<Compiled> {
  const rooted = rootInputs(inputs, options.protoPaths, options.cwd);
  const protoc = await findProtoc(options.protoc, options.cwd);
  const { descriptors, stderr } = await cachedProtoc(protoc, rooted, options.cwd, options.cache);
  if (descriptors === undefined) {
    const tooOld = inputs.flatMap(({ path }) => {
      const fault = editionFault(displayPath(path, options.cwd), readFileSync(path, "utf8"), protoc);
      return fault === undefined ? [] : [fault];
    });
    throwFaults(tooOld.length > 0 ? tooOld : protocFaults(stderr, rooted, options.cwd, importHelp(options.cwd)));
    throw new Error("protoc failed and no fault was found");
  }
  const files = parseDescriptorSet(descriptors, "protoc's output");
  const paths = new Map(rooted.files.map((file) => [file.name, file.path]));
  const folders = [...rooted.roots, ...includeFolders(protoc)];
  return {
    files,
    generate: rooted.files.map((file) => file.name),
    paths,
    imports: [...files.keys()].flatMap((name) => (paths.has(name) ? [] : (findImport(folders, name) ?? []))),
    compiler: `protoc ${protoc.version}`,
    warnings: protocWarnings(stderr, options.cwd),
  };
}
