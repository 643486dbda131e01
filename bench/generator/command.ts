import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installCorpora } from "../../test/corpora/install.js";
import { type Part, table } from "./page.js";
import { measureTree, type TreeCost } from "./process-tree.js";

const count = 100;

/** One of five versions of an API: without it, the tree is as large as googleapis itself. */
const oldest = ["google/ads/googleads/v21"];

/** How long the command takes as people use it, and what memory a large tree needs. */
export async function commandPart(root: string, rounds: number): Promise<Part> {
  const bin = join(root, "bin/gen-stubs.js");
  const folder = mkdtempSync(join(tmpdir(), "gen-stubs-bench-"));
  try {
    const daily = await measureDaily(bin, folder, rounds);
    const large = await measureLarge(bin, root, join(folder, "large"));
    const text = `## The command

A project of ${count} files, each with a service of four methods, and each but the first importing the one before it. Whole processes, from
start to exit; with \`--watch\`, from the save to the line that says it is done. Milliseconds, wall.

${daily}

google-proto-files, but for protobuf's own tests and one of five versions of Google Ads, from its \`.proto\` files, without a cache. Memory is that of all processes (protoc and
the generators too) at one time. In one run, protoc would take 963 MB for these by itself: large trees are compiled in parts.

${large}`;
    return { name: "command", text };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureDaily(bin: string, folder: string, rounds: number): Promise<string> {
  const rows: (string | number)[][] = [];
  const add = (what: string, times: readonly number[]): void => {
    const sorted = [...times].sort((a, b) => a - b);
    rows.push([
      what,
      ...[sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)].map((ms) => (ms ?? 0).toFixed(0)),
    ]);
  };
  const first: number[] = [];
  for (let round = 0; round < rounds; round++) {
    writeProject(folder);
    first.push(ok(await measureTree([bin, "protos", "-o", "gen"], folder)).wallMs);
  }
  add("the first run", first);
  const again: number[] = [];
  for (let round = 0; round < rounds * 5; round++) {
    again.push(ok(await measureTree([bin, "protos", "-o", "gen"], folder)).wallMs);
  }
  add("again, nothing changed", again);
  const bare: number[] = [];
  for (let round = 0; round < rounds * 5; round++) bare.push(ok(await measureTree(["-e", ""], folder)).wallMs);
  add("bare node", bare);
  const watching = new Watching(bin, folder);
  await watching.says(/ ms$/);
  for (const [index, what] of [
    [count - 1, "--watch: a file that nothing imports"],
    [0, "--watch: a file that all others import, directly or not"],
  ] as const) {
    const times: number[] = [];
    for (let round = 0; round < rounds * 5; round++) times.push(await watching.save(`protos/f${index}.proto`, round));
    add(what, times);
  }
  await watching.end();
  return table(["", "least", "median", "most"], rows);
}

async function measureLarge(bin: string, root: string, out: string): Promise<string> {
  const folder = join(installCorpora(root), "google-proto-files");
  const without = ["google/protobuf", ...oldest].flatMap((path) => ["--exclude", path]);
  const args = [bin, ".", ...without, "--out", out, "--no-cache", "--json"];
  const rows: (string | number)[][] = [];
  for (const [what, flags] of [
    ["writing", []],
    ["--check", ["--check"]],
  ] as const) {
    const cost = ok(await measureTree([...args, ...flags], folder));
    const report: { readonly protoFiles: number } = JSON.parse(cost.stdout);
    rows.push([
      `${what}: ${report.protoFiles} .proto files`,
      (cost.wallMs / 1000).toFixed(1),
      cost.peakMb.toFixed(0),
      cost.processes,
    ]);
  }
  return table(["", "wall s", "peak MB", "processes"], rows);
}

function ok(cost: TreeCost): TreeCost {
  if (cost.status !== 0) throw new Error(`ended with ${cost.status}: ${cost.stderr}`);
  return cost;
}

function writeProject(folder: string): void {
  for (const name of ["protos", "gen", "node_modules"]) rmSync(join(folder, name), { recursive: true, force: true });
  for (const name of ["protos", "node_modules"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  for (let index = 0; index < count; index++) {
    const before = index === 0 ? "" : `import "f${index - 1}.proto";`;
    const field = index === 0 ? "" : `p${index - 1}.Ping before = 2;`;
    writeFileSync(
      join(folder, `protos/f${index}.proto`),
      `syntax = "proto3";
package p${index};
${before}
message Ping { string text = 1; ${field} }
service Echo${index} {
  rpc Unary(Ping) returns (Ping);
  rpc Down(Ping) returns (stream Ping);
  rpc Up(stream Ping) returns (Ping);
  rpc Both(stream Ping) returns (stream Ping);
}
`,
    );
  }
}

/** The command under --watch. */
class Watching {
  readonly #child: ChildProcess;
  readonly #folder: string;
  #lines: string[] = [];
  #rest = "";

  constructor(bin: string, folder: string) {
    this.#folder = folder;
    this.#child = spawn(process.execPath, [bin, "protos", "-o", "gen", "--watch"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      const lines = (this.#rest + text).split("\n");
      this.#rest = lines.pop() ?? "";
      this.#lines.push(...lines);
      this.#child.emit("said");
    });
  }

  async says(pattern: RegExp): Promise<void> {
    for (;;) {
      for (let line = this.#lines.shift(); line !== undefined; line = this.#lines.shift()) {
        if (pattern.test(line)) return;
      }
      if (this.#child.exitCode !== null) throw new Error("--watch ended");
      await new Promise<void>((resolve) => {
        this.#child.once("said", resolve).once("exit", () => resolve());
      });
      this.#child.removeAllListeners("said").removeAllListeners("exit");
    }
  }

  /** Changes a file as an editor does, and returns how long it took until all was generated. */
  async save(name: string, round: number): Promise<number> {
    // Nobody saves again at once: what prepares the next run has its time.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const path = join(this.#folder, name);
    const text = readFileSync(path, "utf8").replace(/Ping \{( string x\d+ = 9;)?/, `Ping { string x${round} = 9;`);
    const saved = performance.now();
    writeFileSync(path, text);
    await this.says(/written.* ms$/);
    return performance.now() - saved;
  }

  async end(): Promise<void> {
    this.#child.kill("SIGINT");
    if (this.#child.exitCode === null) await once(this.#child, "exit");
  }
}
