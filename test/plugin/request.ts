import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { create, fromBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { protocBinary } from "../../scripts/golden/cases.js";

/** What protoc makes of .proto files, given by name and text, imports included. */
export function compile(files: Readonly<Record<string, string>>): FileDescriptorProto[] {
  const folder = mkdtempSync(join(tmpdir(), "gen-stubs-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const set = join(folder, "set.binpb");
    const flags = [`-I${folder}`, "--include_imports", "--include_source_info", `--descriptor_set_out=${set}`];
    execFileSync(protocBinary(process.cwd()), [...flags, ...Object.keys(files)], { stdio: "pipe" });
    return fromBinary(FileDescriptorSetSchema, readFileSync(set)).file;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A request for all files, or for those named. */
export function request(
  protoFile: FileDescriptorProto[],
  parameter = "",
  fileToGenerate: string[] = protoFile.map(({ name }) => name),
): CodeGeneratorRequest {
  return create(CodeGeneratorRequestSchema, { protoFile, parameter, fileToGenerate });
}
