import { statSync } from "node:fs";
import { haveConflict } from "../descriptors/conflicts.js";
import { splitFileSet } from "../descriptors/file-set.js";
import type { CompileOptions } from "./compile-options.js";
import type { Protoc } from "./find-protoc.js";
import type { NamedProto, RootedInputs } from "./proto-roots.js";
import { type ProtocResult, runProtoc } from "./run-protoc.js";

/** protoc holds all files of a run at once: about 15 times the size of their text. */
const partBytes = 24e6;

/**
 * Runs protoc over the inputs; over large trees in parts, one after the other, so that its memory does not grow with the
 * tree. Where a part has errors, or two parts declare the same name, it runs once more over all: what protoc says and makes is
 * as if there were no parts.
 *
 * @param most text in a part, in bytes
 * @throws GenStubsError GS2006, GS2010.
 */
export async function runProtocInParts(
  protoc: Protoc,
  inputs: RootedInputs,
  options: Pick<CompileOptions, "cwd" | "signal">,
  most: number = partBytes,
): Promise<ProtocResult> {
  const parts = partsOf(inputs.files, most);
  const whole = (): Promise<ProtocResult> => runProtoc(protoc, inputs, options);
  if (parts.length < 2) return whole();
  const descriptors: Uint8Array[] = [];
  const said: string[] = [];
  for (const files of parts) {
    const result = await runProtoc(protoc, { ...inputs, files }, options);
    if (result.descriptors === undefined) return whole();
    descriptors.push(result.descriptors);
    said.push(result.stderr);
  }
  // A descriptor set after another is one of the files of both; a file of both counts once, see splitFileSet.
  const all = Buffer.concat(descriptors.splice(0));
  return haveConflict(splitFileSet(all)) ? whole() : { descriptors: all, stderr: said.join("") };
}

/** In their order, so that files of a folder, which import each other, stay together. */
function partsOf(files: readonly NamedProto[], most: number): readonly (readonly NamedProto[])[] {
  const parts: NamedProto[][] = [[]];
  let filled = 0;
  for (const file of files) {
    const size = statSync(file.path, { throwIfNoEntry: false })?.size ?? 0;
    if (filled > 0 && filled + size > most) {
      parts.push([]);
      filled = 0;
    }
    parts.at(-1)?.push(file);
    filled += size;
  }
  return parts;
}
