import { readFileSync } from "node:fs";
import { GenStubsError, throwFaults } from "../errors/gen-stubs-error.js";
import { buildWithBuf, findBufWorkspace } from "./buf.js";
import type { CompileOptions } from "./compile-options.js";
import type { Compiled } from "./compiled.js";
import { parseDescriptorSet, readDescriptorSet, selectFiles } from "./descriptor-set.js";
import { editionFault } from "./editions.js";
import { findProtoc } from "./find-protoc.js";
import { checkProtoPaths, findInputs, type InputFile } from "./inputs.js";
import { importHelp } from "./missing-import.js";
import { displayPath } from "./paths.js";
import { rootInputs } from "./proto-roots.js";
import { protocFaults, protocWarnings } from "./protoc-messages.js";
import { runProtoc } from "./run-protoc.js";

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
    return { files, generate, paths: new Map(), roots: [], compiler: options.descriptorSet, warnings: [] };
  }
  checkProtoPaths(options.protoPaths, options.cwd);
  const inputs = findInputs(options.paths, options.cwd);
  if (inputs.length === 0) {
    throw new GenStubsError({ code: "GS2001", message: `no .proto file in ${options.paths.join(", ")}` });
  }
  options.onStart?.(inputs.length);
  if (options.protoPaths.length === 0 && options.protoc === undefined) {
    const workspace = findBufWorkspace(options.paths, options.cwd);
    const built = workspace === undefined ? undefined : await buildWithBuf(workspace, inputs, options);
    if (built !== undefined) return built;
  }
  return compileWithProtoc(inputs, options);
}

async function compileWithProtoc(inputs: readonly InputFile[], options: CompileOptions): Promise<Compiled> {
  const rooted = rootInputs(inputs, options.protoPaths, options.cwd);
  const protoc = await findProtoc(options.protoc, options.cwd);
  const { descriptors, stderr } = await runProtoc(protoc, rooted, options);
  if (descriptors === undefined) {
    const tooOld = inputs.flatMap(({ path }) => {
      const fault = editionFault(displayPath(path, options.cwd), readFileSync(path, "utf8"), protoc);
      return fault === undefined ? [] : [fault];
    });
    throwFaults(tooOld.length > 0 ? tooOld : protocFaults(stderr, rooted, options.cwd, importHelp(options.cwd)));
    throw new Error("protoc failed and no fault was found");
  }
  return {
    files: parseDescriptorSet(descriptors, "protoc's output"),
    generate: rooted.files.map((file) => file.name),
    paths: new Map(rooted.files.map((file) => [file.name, file.path])),
    roots: rooted.inputRoots,
    compiler: `protoc ${protoc.version}`,
    warnings: protocWarnings(stderr, options.cwd),
  };
}
