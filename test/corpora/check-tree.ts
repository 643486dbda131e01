import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { goModule } from "./go-modules.js";
import type { SourceTree } from "./source-trees.js";

/** What of an archive matters to the command. */
const copied = /\.proto$|(^|\/)(go\.mod|buf(\.work)?\.yaml)$/;

export interface Places {
  readonly root: string;
  /** A folder with Google's common files. */
  readonly google: string;
  readonly out: string;
}

/** What came of it: why the tree was skipped, or what was wrong. */
export type TreeResult = { readonly skipped: string } | { readonly faults: readonly string[] };

/** Runs the command in a tree as its users would: as they would begin, with what they are then told, and with `--check`. */
export function checkTree(tree: SourceTree, messages: string, { root, google, out }: Places): TreeResult {
  const folders = new Map<string, string>([["google", google]]);
  for (const module of [...(tree.module === undefined ? [] : [tree.module]), ...(tree.needs ?? [])]) {
    const found = goModule(root, module);
    if ("why" in found) return { skipped: `${module}: ${found.why}` };
    folders.set(module, found.folder);
  }
  // Outside of this repository, whose buf would be found.
  const work = mkdtempSync(join(tmpdir(), "gen-stubs-tree-"));
  try {
    lay(tree, folders.get(tree.module ?? ""), work);
    const filled = (args: readonly string[]): string[] =>
      args.map((arg) => arg.replace(/\{(.+?)\}/g, (_, name: string) => folders.get(name) ?? ""));
    const options = ["--messages", messages, "--opt", "import_extension=js", "--quiet"];
    const library = messages === "es" ? "erasable_syntax=true" : "enumsAsLiterals=true";
    // Neither the buf of this repository nor modules that happen to be in the cache must change what is advised.
    const path = (process.env["PATH"] ?? "").split(delimiter).filter((entry) => !entry.includes("node_modules"));
    const env = { ...process.env, PATH: path.join(delimiter), GOMODCACHE: join(work, "none") };
    const run = (args: readonly string[], to: string): { status: number | null; stderr: string } =>
      spawnSync(
        process.execPath,
        [join(root, "bin/gen-stubs.js"), ...filled(args), "--out", to, ...options, "--messages-opt", library],
        { cwd: work, encoding: "utf8", maxBuffer: 1 << 26, env },
      );
    const faults: string[] = [];
    if (tree.first !== undefined) {
      const { status, stderr } = run(tree.first.args, join(work, "first"));
      if (status !== 1) faults.push(`${tree.first.args.join(" ")}: exit ${status}, where 1 is expected`);
      const missing = tree.first.says.filter((words) => !stderr.includes(words));
      faults.push(...missing.map((words) => `${tree.first?.args.join(" ")} does not say: ${words}\n${stderr}`));
    }
    if (tree.args !== undefined) {
      for (const args of [tree.args, [...tree.args, "--check"]]) {
        const { status, stderr } = run(args, out);
        if (status !== 0) faults.push(`${args.join(" ")}: exit ${status}: ${stderr}`);
      }
    }
    return { faults };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function lay({ files = {}, links = {} }: SourceTree, from: string | undefined, work: string): void {
  if (from !== undefined) {
    const keep = spawnSync("find", [from, "-type", "f"], { encoding: "utf8", maxBuffer: 1 << 26 }).stdout.split("\n");
    for (const path of keep.filter((one) => copied.test(one))) {
      const to = join(work, path.slice(from.length + 1));
      mkdirSync(dirname(to), { recursive: true });
      cpSync(path, to);
    }
  }
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(work, name)), { recursive: true });
    writeFileSync(join(work, name), content);
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(work, name));
}
