import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { filesIn, protocBinary } from "../../scripts/golden/cases.js";
import { typeCheck } from "../golden/type-check.js";

const root = process.cwd();
const corpora = resolve(root, process.env["GEN_STUBS_CORPORA"] ?? "../shared/corpora");
const sets = existsSync(corpora) ? readdirSync(corpora).filter((name) => name.endsWith(".binpb")) : [];
if (sets.length === 0) console.log(`skip: corpora (no descriptor sets in ${corpora}; set GEN_STUBS_CORPORA)`);

describe.skipIf(sets.length === 0)("of schemas that others wrote", () => {
  test("all stubs type-check beside the messages of protoc-gen-es", { timeout: 300_000 }, () => {
    const folder = join(root, ".cache/corpora");
    rmSync(folder, { recursive: true, force: true });
    const include = sets.map((set) => set.replace(".binpb", ""));
    for (const name of include) generate(join(corpora, `${name}.binpb`), join(folder, name));
    expect(filesIn(folder).filter((file) => file.endsWith("_grpc.ts")).length).toBeGreaterThan(60);
    expect(typeCheck(root, { compiler: "TypeScript 7", folder, module: "NodeNext", include })).toBe("");
  });
});

function generate(set: string, out: string): void {
  mkdirSync(out, { recursive: true });
  const { file } = fromBinary(FileDescriptorSetSchema, readFileSync(set));
  const args = [
    `--descriptor_set_in=${set}`,
    `--plugin=protoc-gen-es=${join(root, "node_modules/.bin/protoc-gen-es")}`,
    `--es_out=${out}`,
    "--es_opt=target=ts,import_extension=js,erasable_syntax=true",
    `--plugin=protoc-gen-stubs=${join(root, "bin/protoc-gen-stubs.js")}`,
    `--stubs_out=${out}`,
    "--stubs_opt=import_extension=js",
  ];
  execFileSync(protocBinary(root), [...args, ...file.map(({ name }) => name)], { stdio: "pipe" });
}
