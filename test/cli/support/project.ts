import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, vi } from "vitest";
import { main } from "../../../src/cli/main.js";
import { manifestName } from "../../../src/cli/output/manifest.js";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const bin = join(repository, "bin", "gen-stubs.js");

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Folder to run in, relative to the project. */
  readonly cwd?: string;
  readonly uid?: number;
}

/** A user's project in a temporary folder, with the built command to run in it. */
export interface Project {
  readonly folder: string;
  path(name: string): string;
  write(name: string, content: string): void;
  read(name: string): string;
  has(name: string): boolean;
  /** All files below a folder but the manifests of output folders, sorted, with `/`. */
  list(name: string): readonly string[];
  run(...args: string[]): Promise<Run>;
  runWith(options: RunOptions, ...args: string[]): Promise<Run>;
}

// Each run is a process with processes of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

// Nothing of a test's is kept where the user's own results are.
const caches = mkdtempSync(join(tmpdir(), "gen-stubs cache-"));
process.env["XDG_CACHE_HOME"] = caches;
const made: string[] = [caches];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function project(files: Readonly<Record<string, string>>): Project {
  if (!existsSync(join(repository, "dist", "cli", "main.js"))) throw new Error("not built: npm run build first");
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "gen-stubs test-")));
  made.push(folder);
  const path = (name: string): string => join(folder, name);
  const write = (name: string, content: string): void => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), content);
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  const runWith = (options: RunOptions, ...args: string[]): Promise<Run> =>
    spawnNode([bin, ...args], join(folder, options.cwd ?? "."), options);
  return {
    folder,
    path,
    write,
    read: (name) => readFileSync(path(name), "utf8"),
    has: (name) => existsSync(path(name)),
    list: (name) => (existsSync(path(name)) ? listFiles(path(name)) : []),
    run: (...args) => runWith({}, ...args),
    runWith,
  };
}

/** Runs the command in this process: for what happens before it does any work. */
export async function runInProcess(cwd: string, ...args: string[]): Promise<Run> {
  const output = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof output): NodeJS.WriteStream =>
    // The command only writes to it and asks whether it is a terminal.
    new Writable({
      write: (chunk, _encoding, done) => {
        output[name] += chunk;
        done();
      },
    }) as unknown as NodeJS.WriteStream;
  const code = await main(args, { stdout: stream("stdout"), stderr: stream("stderr"), env: {}, cwd });
  return { code, ...output };
}

function spawnNode(args: readonly string[], cwd: string, options: RunOptions): Promise<Run> {
  return new Promise((resolve, reject) => {
    const { FORCE_COLOR: _force, NO_COLOR: _no, ...env } = process.env;
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...env, XDG_CACHE_HOME: caches, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory() && entry.name !== manifestName)
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();
}

/** A proto3 file with one service of all four kinds. */
export function echoProto(packageName: string, service = "Echo"): string {
  return `syntax = "proto3";
package ${packageName};
message Ping { string text = 1; }
service ${service} {
  rpc Unary(Ping) returns (Ping);
  rpc Down(Ping) returns (stream Ping);
  rpc Up(stream Ping) returns (Ping);
  rpc Both(stream Ping) returns (stream Ping);
}
`;
}
