import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type FileSet, splitFileSet } from "../descriptors/file-set.js";
import { GenStubsError } from "../errors/gen-stubs-error.js";
import { errnoOf } from "../process/run-process.js";
import { nearPath } from "./near-path.js";

/**
 * Reads a descriptor set that protoc or buf wrote.
 *
 * @throws GenStubsError GS1005 when it cannot be read, GS2007 when it is no such set or lacks an import.
 */
export function readDescriptorSet(given: string, cwd: string): FileSet {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(resolve(cwd, given));
  } catch (error) {
    const why =
      errnoOf(error) === "ENOENT"
        ? `does not exist${nearPath(given, cwd)}`
        : `cannot be read (${errnoOf(error) ?? String(error)})`;
    throw new GenStubsError({ code: "GS1005", message: `--descriptor-set: "${given}" ${why}` });
  }
  return parseDescriptorSet(bytes, given);
}

/** Splits a descriptor set and checks that it is whole. */
export function parseDescriptorSet(bytes: Uint8Array, shown: string): FileSet {
  let files: FileSet;
  try {
    files = splitFileSet(bytes);
  } catch (error) {
    throw new GenStubsError({
      code: "GS2007",
      message: `not a FileDescriptorSet in protobuf's binary form: ${error instanceof Error ? error.message : error}`,
      file: shown,
      hint: "write one with protoc --include_imports --include_source_info -o FILE or buf build -o FILE.binpb",
    });
  }
  if (files.size === 0)
    throw new GenStubsError({ code: "GS2007", message: "the descriptor set is empty", file: shown });
  for (const file of files.values()) {
    const missing = file.dependencies.find((name) => !files.has(name));
    if (missing === undefined) continue;
    throw new GenStubsError({
      code: "GS2007",
      message: `the descriptor set lacks "${missing}", which ${file.name} imports`,
      file: shown,
      hint: "write the set with protoc's --include_imports",
    });
  }
  return files;
}

/**
 * The files of a set to generate from: those the paths name (a file, or a folder of import names), or all that are no
 * mere imports where there are no paths. protobuf's own files only count when named.
 *
 * @throws GenStubsError GS2007 for a path that names nothing in the set.
 */
export function selectFiles(files: FileSet, paths: readonly string[], shown: string): readonly string[] {
  const names = [...files.keys()];
  if (paths.length === 0) {
    return names.filter((name) => files.get(name)?.isImport === false && !name.startsWith("google/protobuf/"));
  }
  const chosen = new Set<string>();
  for (const path of paths) {
    const name = path.replaceAll("\\", "/").replace(/^\.\//, "").replace(/\/+$/, "");
    const hits = names.filter((candidate) => candidate === name || name === "." || candidate.startsWith(`${name}/`));
    if (hits.length === 0) {
      throw new GenStubsError({
        code: "GS2007",
        message: `the descriptor set has no file or folder "${path}"`,
        file: shown,
        hint: `with --descriptor-set, paths are import names in the set, such as ${names[0]}`,
      });
    }
    for (const hit of hits) chosen.add(hit);
  }
  return names.filter((name) => chosen.has(name));
}
