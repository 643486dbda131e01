import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { execOk } from "./exec.js";
import { guides, interop, root } from "./paths.js";

/** Generates messages and stubs for the programs with our own command, as a user would. */
export async function generatePrograms(): Promise<void> {
  const out = join(interop, "gen");
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const folders = [...Object.values(guides).map(({ folder }) => folder), join(interop, "protos")];
  for (const folder of folders) await generateFrom(folder);
}

/** Generates for one folder of protos. */
export async function generateFrom(folder: string): Promise<void> {
  const args = [join(root, "bin", "gen-stubs.js"), folder, "--out", join(interop, "gen"), "--quiet"];
  await execOk(process.execPath, args);
}

/** Compiles a TypeScript project of test/interop. */
export async function compile(project: string): Promise<void> {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  await execOk(process.execPath, [tsc, "-p", join(interop, project)], { timeoutMs: 300_000 });
}
