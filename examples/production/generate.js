/**
 * Generates the stubs of orders.proto, which imports the rules of buf.validate. Their .proto file is on the Buf Schema Registry
 * (a buf.yaml with that dependency, and this file is not needed); where that is out of reach, protoc takes the descriptors that
 * come with @bufbuild/protovalidate.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { create, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { file_buf_validate_validate } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

const cache = "node_modules/.cache/production";
const protoc = createRequire(import.meta.url).resolve("protoc/protoc.cjs");

/** A file's descriptor behind those of all that it imports. */
function withImports(file, found = new Map()) {
  for (const dependency of file.dependencies) withImports(dependency, found);
  return found.set(file.proto.name, file.proto);
}

mkdirSync(cache, { recursive: true });
const rules = create(FileDescriptorSetSchema, { file: [...withImports(file_buf_validate_validate).values()] });
writeFileSync(`${cache}/rules.binpb`, toBinary(FileDescriptorSetSchema, rules));
const run = (...args) => execFileSync(process.execPath, args, { stdio: "inherit" });
run(
  protoc,
  `--descriptor_set_in=${cache}/rules.binpb`,
  "--include_imports",
  "--include_source_info",
  `--descriptor_set_out=${cache}/orders.binpb`,
  "-Iexamples/production",
  "orders.proto",
);
run(
  "bin/gen-stubs.js",
  "--descriptor-set",
  `${cache}/orders.binpb`,
  "orders.proto",
  "--out",
  "examples/gen",
  "--no-include-imports",
  "--messages-opt",
  "rewrite_imports=./buf/**/*_pb.js:@bufbuild/protovalidate/gen",
);
