import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import type { GeneratedFile } from "../../descriptors/response.js";
import { inParallel } from "../../messages/chunks.js";
import { runProcess } from "../../process/run-process.js";
import { outputPath } from "../output/safe-path.js";
import { findInProject, formatterFault } from "./find-package.js";
import type { FormatContext } from "./format-context.js";

/** Biome has no API for Node but its command, which formats what it reads from stdin as the file that it is told. */
export async function formatWithBiome(
  files: readonly GeneratedFile[],
  { out, project, signal }: FormatContext,
): Promise<readonly GeneratedFile[]> {
  const manifest = findInProject(project, "@biomejs/biome", "@biomejs/biome/package.json");
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  // The script itself: npm's shim for it is a .cmd on Windows, which cannot be started without a shell.
  const script = join(dirname(manifest), typeof bin === "string" ? bin : bin["biome"]);
  return inParallel(files, availableParallelism(), async ({ name, content }) => {
    const path = outputPath(out, name);
    const args = [script, "format", "--colors=off", `--stdin-file-path=${path}`];
    const stdin = Buffer.from(content);
    const result = await runProcess(process.execPath, args, { cwd: project, stdin, signal });
    // It refuses files that its config ignores.
    if (result.code !== 0 && /ignored/.test(result.stderr)) return { name, content };
    if (result.code !== 0) throw formatterFault(path, result.stderr);
    return { name, content: result.stdout.toString("utf8") };
  });
}
