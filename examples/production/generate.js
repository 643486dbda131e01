/**
 * Generates the stubs of orders.proto, which imports the rules of buf.validate. Their .proto file is on the Buf Schema Registry
 * (a buf.yaml with that dependency, and this file is not needed); where that is out of reach, protoc takes the descriptors that
 * come with @bufbuild/protovalidate.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { file_buf_validate_validate } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

/** A file's descriptor behind those of all that it imports. */
function withImports(file, found = new Map()) {
  for (const dependency of file.dependencies) withImports(dependency, found);
  return found.set(file.proto.name, file.proto);
}

/** Runs a command of `node_modules/.bin`, which npm has put on PATH. On Windows those are scripts of its shell. */
const run = (command, ...args) =>
  execFileSync(command, args, { stdio: "inherit", shell: process.platform === "win32" });

const folder = mkdtempSync(join(tmpdir(), "orders-"));
try {
  const rules = create(FileDescriptorSetSchema, { file: [...withImports(file_buf_validate_validate).values()] });
  const [rulesFile, ordersFile] = [join(folder, "rules.binpb"), join(folder, "orders.binpb")];
  writeFileSync(rulesFile, toBinary(FileDescriptorSetSchema, rules));
  run(
    "protoc",
    `--descriptor_set_in=${rulesFile}`,
    "--include_imports",
    "--include_source_info",
    `--descriptor_set_out=${ordersFile}`,
    "-Iprotos",
    "orders.proto",
  );
  run(
    "gen-stubs",
    ...["--descriptor-set", ordersFile, "orders.proto", "--out", "gen", "--no-include-imports"],
    ...["--messages-opt", "rewrite_imports=./buf/**/*_pb.js:@bufbuild/protovalidate/gen"],
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
