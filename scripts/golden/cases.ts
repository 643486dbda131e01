import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * A golden case: `fixtures/<name>/input/` are the files to generate, `include/` what they only import, `options` the
 * options of the plugin, one a line; `expected/` is what must come out, or `expected-error.txt` what protoc must print.
 */
export interface GoldenCase {
  readonly name: string;
  readonly folder: string;
  readonly options: readonly string[];
}

export function goldenCases(root: string): GoldenCase[] {
  const fixtures = join(root, "fixtures");
  return readdirSync(fixtures)
    .sort()
    .map((name) => {
      const folder = join(fixtures, name);
      const options = readFileSync(join(folder, "options"), "utf8")
        .split("\n")
        .filter((line) => line !== "");
      return { name, folder, options };
    });
}

/** Runs protoc with a plugin over the inputs of a case. Resolves to what protoc prints where it fails. */
export async function runProtoc(root: string, golden: GoldenCase, run: PluginRun): Promise<string | undefined> {
  if (run.keep !== true) rmSync(run.out, { recursive: true, force: true });
  mkdirSync(run.out, { recursive: true });
  const folders = [join(golden.folder, "input"), join(golden.folder, "include")].filter((folder) => existsSync(folder));
  const args = [
    ...folders.map((folder) => `-I${folder}`),
    `--plugin=protoc-gen-x=${resolve(root, run.plugin)}`,
    `--x_out=${run.out}`,
    ...run.options.map((option) => `--x_opt=${option}`),
    ...(run.from ?? ["input"]).flatMap((from) => filesIn(join(golden.folder, from))),
  ];
  const protoc = join(root, "node_modules/protoc/bin", binaries[`${process.platform} ${process.arch}`] ?? "protoc");
  return new Promise((done) => execFile(protoc, args, (error, _, stderr) => done(error === null ? undefined : stderr)));
}

/** What the npm package protoc calls its binaries. */
const binaries: Readonly<Record<string, string>> = {
  "linux x64": "protoc-linux-x86_64",
  "linux arm64": "protoc-linux-aarch_64",
  "darwin x64": "protoc-osx-x86_64",
  "darwin arm64": "protoc-osx-aarch_64",
  "win32 x64": "protoc-win64.exe",
};

export interface PluginRun {
  /** From the root of the repository. */
  readonly plugin: string;
  readonly options: readonly string[];
  readonly out: string;
  /** Keep what is in `out` already. */
  readonly keep?: boolean;
  /** Which files of the case are generated; by default, its input. */
  readonly from?: readonly ("input" | "include")[];
}

/** All files below a folder, with slashes, sorted. */
export function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();
}

/** The options of a case, and what it wants of protoc-gen-es to go with them. */
export function esOptions({ options }: GoldenCase): string[] {
  const shared = options.filter((option) => /^(target|import_extension)=/.test(option));
  const target = shared.some((option) => option.startsWith("target=")) ? [] : ["target=ts"];
  return [...target, ...shared, "erasable_syntax=true"];
}
