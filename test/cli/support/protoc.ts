import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

const shim = createRequire(import.meta.url).resolve("protoc/protoc.cjs");

/** Writes a descriptor set with protoc itself. */
export function protocSet(root: string, output: string, names: readonly string[], ...flags: string[]): void {
  const paths = names.map((name) => join(root, name));
  const args = [shim, `-I${root}`, "--include_imports", "--include_source_info", ...flags, "-o", output, ...paths];
  execFileSync(process.execPath, args);
}
