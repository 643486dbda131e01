import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, type DescFile, toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { file_buf_validate_validate } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

/** The descriptors of a file and of all that it imports, each behind what it needs. */
function closure(file: DescFile, found = new Map<string, FileDescriptorProto>()): FileDescriptorProto[] {
  for (const dependency of file.dependencies) closure(dependency, found);
  found.set(file.proto.name, file.proto);
  return [...found.values()];
}

/**
 * A descriptor set of .proto files that use buf.validate, whose own .proto is in no npm package: protoc gets it as the
 * descriptors that come with `@bufbuild/protovalidate`.
 */
export function compileWithRules(folder: string, ...names: string[]): Uint8Array {
  const cache = mkdtempSync(join(tmpdir(), "gen-stubs-rules-"));
  try {
    const [rules, out] = [join(cache, "rules.binpb"), join(cache, "out.binpb")];
    const set = create(FileDescriptorSetSchema, { file: closure(file_buf_validate_validate) });
    writeFileSync(rules, toBinary(FileDescriptorSetSchema, set));
    const args = [`--descriptor_set_in=${rules}`, `-I${folder}`, "--include_imports", "--include_source_info"];
    execFileSync(process.execPath, [
      "node_modules/protoc/protoc.cjs",
      ...args,
      `--descriptor_set_out=${out}`,
      ...names,
    ]);
    return readFileSync(out);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}
