import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Downloads a Go module, `path@version`, into Go's own cache, unless it is there. Returns its folder, or why there is none
 * (no Go, no network).
 */
export function goModule(root: string, module: string): { readonly folder: string } | { readonly why: string } {
  // Any module will do to ask from: without one, a go.mod above would count.
  const asking = join(root, ".cache/corpora/go");
  mkdirSync(asking, { recursive: true });
  writeFileSync(join(asking, "go.mod"), "module corpora.test\n\ngo 1.21\n");
  const run = spawnSync("go", ["mod", "download", "-json", module], {
    cwd: asking,
    encoding: "utf8",
    timeout: 300_000,
  });
  if (run.error !== undefined) return { why: `go cannot be run: ${run.error.message}` };
  const answer: { readonly Dir?: string; readonly Error?: string } = run.stdout === "" ? {} : JSON.parse(run.stdout);
  if (answer.Dir !== undefined) return { folder: answer.Dir };
  return { why: (answer.Error ?? run.stderr).split("\n")[0] ?? "no answer" };
}
