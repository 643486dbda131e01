import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Runs ts-proto by protoc on the .proto files of a folder. The output folder is made anew. */
export function runTsProto(root: string, input: string, files: readonly string[], out: string, options: string): void {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const args = [
    `--proto_path=${input}`,
    `--plugin=protoc-gen-ts_proto=${join(root, "node_modules/.bin/protoc-gen-ts_proto")}`,
    `--ts_proto_out=${out}`,
    `--ts_proto_opt=${options}`,
    ...files,
  ];
  const { status, stderr } = spawnSync(join(root, "node_modules/.bin/protoc"), args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ts-proto failed with ${options}:\n${stderr}`);
}
