import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { bin, cache, cargoTarget, goPeer, root } from "./paths.js";

/** Builds a peer of another toolchain; says why it has to be left out where that is not there or fails. */
export function buildNative(toolchain: "go" | "cargo"): { readonly leftOut: string } | undefined {
  if (spawnSync(toolchain, [toolchain === "go" ? "version" : "--version"]).status !== 0) {
    return { leftOut: `no ${toolchain} on the PATH` };
  }
  try {
    console.log(`building with ${toolchain} (the first time takes minutes)`);
    if (toolchain === "go") buildGo();
    else buildTonic();
    return undefined;
  } catch (error) {
    return { leftOut: error instanceof Error ? error.message : String(error) };
  }
}

function buildGo(): void {
  const folder = join(root, "bench", "go");
  const messages = join(cache, "go-pb");
  mkdirSync(messages, { recursive: true });
  mkdirSync(bin, { recursive: true });
  const pins =
    readFileSync(join(folder, "go.mod"), "utf8").match(/\tgoogle\.golang\.org\/(?:grpc|protobuf) v\S+/g) ?? [];
  writeFileSync(join(messages, "go.mod"), `module bench.test/pb\n\ngo 1.26\n\nrequire (\n${pins.join("\n")}\n)\n`);
  const plugins = ["google.golang.org/protobuf/cmd/protoc-gen-go", "google.golang.org/grpc/cmd/protoc-gen-go-grpc"];
  run("go", ["build", "-buildvcs=false", "-o", `${bin}/`, ...plugins], folder);
  const mapping = "module=bench.test/pb,Mbench.proto=bench.test/pb";
  run(
    protoc(),
    [
      `--proto_path=${join(root, "bench", "protos")}`,
      `--plugin=${join(bin, "protoc-gen-go")}`,
      `--plugin=${join(bin, "protoc-gen-go-grpc")}`,
      `--go_out=${messages}`,
      `--go_opt=${mapping}`,
      `--go-grpc_out=${messages}`,
      `--go-grpc_opt=${mapping}`,
      "bench.proto",
    ],
    folder,
  );
  run("go", ["build", "-buildvcs=false", "-o", goPeer, "."], folder);
}

function buildTonic(): void {
  run("cargo", ["build", "--release", "--locked", "--quiet"], join(root, "bench", "tonic"), {
    CARGO_TARGET_DIR: cargoTarget,
    PROTOC: protoc(),
  });
}

/** The path of the protoc that comes with the npm package. */
function protoc(): string {
  const folder = dirname(createRequire(import.meta.url).resolve("protoc/package.json"));
  // The package's own list of what it holds.
  const assets = JSON.parse(readFileSync(join(folder, "assets.json"), "utf8")) as {
    platform: string;
    arch: string;
    executable: string;
  }[];
  const asset = assets.find(({ platform, arch }) => platform === process.platform && arch === process.arch);
  if (asset === undefined) throw new Error(`no protoc for ${process.platform} ${process.arch}`);
  return join(folder, "bin", asset.executable);
}

function run(command: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): void {
  const { status, stderr, error } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "pipe"],
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${error?.message ?? stderr.trim().slice(-600)}`);
}
