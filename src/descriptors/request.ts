import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { closure, type FileSet } from "./file-set.js";

// Field numbers of google.protobuf.compiler.CodeGeneratorRequest.
const request = { fileToGenerate: 1, parameter: 2, protoFile: 15 } as const;

/**
 * Encodes the `CodeGeneratorRequest` that asks a plugin for `generate`, with these files and all they import.
 * Descriptors are copied as they are: nothing is decoded.
 */
export function encodeRequest(files: FileSet, generate: readonly string[], parameter: string): Uint8Array {
  const writer = new BinaryWriter();
  for (const name of generate) writer.tag(request.fileToGenerate, WireType.LengthDelimited).string(name);
  if (parameter !== "") writer.tag(request.parameter, WireType.LengthDelimited).string(parameter);
  for (const entry of closure(files, generate)) {
    writer.tag(request.protoFile, WireType.LengthDelimited).bytes(entry.bytes);
  }
  return writer.finish();
}
