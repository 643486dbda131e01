import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { baselineFolder, root } from "./paths.js";

/**
 * Puts a copy of the bench's programs beside the runtime of another checkout, which must be built there
 * (`npm ci && npm run build`): its generator makes the stubs, and `gen-stubs-runtime` is its runtime.
 *
 * @throws Error where the folder is no built checkout, or its generator fails.
 */
export function prepareBaseline(checkout: string): void {
  const other = resolve(checkout);
  for (const part of [
    "src/runtime/dist/index.js",
    "bin/protoc-gen-stubs.js",
    "dist",
    "node_modules/@bufbuild/protobuf",
  ]) {
    if (!existsSync(join(other, part))) {
      throw new Error(`--baseline ${checkout}: it has no ${part}; run \`npm ci && npm run build\` there`);
    }
  }
  const dist = join(baselineFolder, "dist");
  rmSync(baselineFolder, { recursive: true, force: true });
  cpSync(join(root, "bench", "dist"), dist, { recursive: true });
  cpSync(join(root, "bench", "package.json"), join(baselineFolder, "package.json"));
  linkModules(other);
  generate(other, join(dist, "gen", "es"));
}

/** The commit of a checkout, where git knows it. */
export function versionOf(checkout: string): string {
  const { stdout } = spawnSync("git", ["describe", "--always", "--tags"], { cwd: checkout, encoding: "utf8" });
  return stdout?.trim() || resolve(checkout);
}

/** All modules of the bench; of the other checkout those that its runtime and stubs share. */
function linkModules(other: string): void {
  const modules = join(baselineFolder, "node_modules");
  mkdirSync(join(modules, "@bufbuild"), { recursive: true });
  symlinkSync(join(other, "src", "runtime"), join(modules, "gen-stubs-runtime"));
  symlinkSync(join(other, "node_modules", "@bufbuild", "protobuf"), join(modules, "@bufbuild", "protobuf"));
  mkdirSync(join(modules, "@grpc"));
  symlinkSync(join(other, "node_modules", "@grpc", "grpc-js"), join(modules, "@grpc", "grpc-js"));
  const bench = join(root, "bench", "node_modules");
  for (const name of readdirSync(bench)) {
    const target = join(modules, name);
    if (!name.startsWith(".") && !existsSync(target)) symlinkSync(join(bench, name), target);
  }
}

function generate(other: string, out: string): void {
  const require = createRequire(import.meta.url);
  const args = [
    require.resolve("protoc/protoc.cjs"),
    `--proto_path=${join(root, "bench", "protos")}`,
    `--plugin=protoc-gen-es=${join(root, "node_modules", ".bin", "protoc-gen-es")}`,
    "--es_opt=target=js,import_extension=js",
    `--es_out=${out}`,
    `--plugin=protoc-gen-stubs=${join(other, "bin", "protoc-gen-stubs.js")}`,
    "--stubs_opt=target=js,import_extension=js",
    `--stubs_out=${out}`,
    "bench.proto",
  ];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`the baseline's generator failed: ${stderr}`);
  // What both generators wrote has taken the place of today's.
  if (!readFileSync(join(out, "bench_grpc.js"), "utf8").includes("gen-stubs-runtime")) {
    throw new Error(`${out}/bench_grpc.js is not what the baseline's generator should have written`);
  }
}
