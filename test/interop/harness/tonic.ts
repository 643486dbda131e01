import { join } from "node:path";
import { execOk } from "./exec.js";
import { guides, interop, root } from "./paths.js";
import { protocPath } from "./toolchain.js";

/** Builds the peers in Rust, quickly rather than for speed, and returns the program. Cargo keeps what it built. */
export async function buildTonicPeers(): Promise<string> {
  const target = join(root, ".cache", "cargo");
  const { folder, file } = guides.data;
  await execOk("nice", ["cargo", "build", "--locked", "--quiet"], {
    cwd: join(interop, "tonic"),
    env: { CARGO_TARGET_DIR: target, PROTOC: await protocPath(), DATA_PROTO: join(folder, file) },
    timeoutMs: 900_000,
  });
  return join(target, "debug", "interop-tonic");
}
