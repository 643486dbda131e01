import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packAll, pinned, repository } from "../support/packed.js";
import { run, runOk } from "../support/shell.js";

describe("what npm pack ships", () => {
  let folder: string;
  let packed: Awaited<ReturnType<typeof packAll>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gen-stubs-pack-"));
    packed = await packAll(folder);
    for (const [name, { files, size, unpackedSize }] of Object.entries(packed)) {
      console.log(`${name}: ${files.length} files, ${size} bytes packed, ${unpackedSize} unpacked`);
    }
  }, 60_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each([
    [
      "gen-stubs",
      [
        "LICENSE",
        "README.md",
        "bin/gen-stubs.js",
        "bin/protoc-gen-stubs.js",
        "package.json",
        "schemas/config.json",
        "schemas/report.json",
      ],
    ],
    ["gen-stubs-runtime", ["LICENSE", "README.md", "package.json"]],
  ] as const)("%s: compiled code, its types and nothing else", (name, others) => {
    const files = packed[name].files;
    expect(files.filter((file) => !/^dist\/.*\.(c?js(\.map)?|d\.c?ts)$/.test(file)).sort()).toEqual(others);
    // `_virtual` holds what the build adds for CommonJS.
    const code = files.filter((file) => file.startsWith("dist/") && !file.startsWith("dist/_virtual/"));
    expect(code.filter((file) => file.endsWith(".js")).length).toBeGreaterThan(10);
    const sources = name === "gen-stubs" ? "src" : "src/runtime";
    const stale = code.filter((file) => {
      const source = file.replace(/^dist/, sources).replace(/(\.d\.c?ts|\.c?js(\.map)?)$/, ".ts");
      return !existsSync(join(repository, source));
    });
    expect(stale, "compiled from sources that are gone: npm run clean, then npm run build").toEqual([]);
  });

  test.each([
    ["gen-stubs", "package.json"],
    ["gen-stubs-runtime", "src/runtime/package.json"],
  ] as const)("%s: every entry point is in it", async (name, path) => {
    const manifest = JSON.parse(await readFile(join(repository, path), "utf8"));
    const targets = [...Object.values(manifest.bin ?? {}), ...stringsIn(manifest.exports ?? {})]
      .map((target) => String(target).replace(/^\.\//, ""))
      .filter((target) => !target.includes("*"));
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => !packed[name].files.includes(target))).toEqual([]);
  });

  test("a program's image carries the runtime, protobuf-es, and nothing else: at most 3 packages and 5 MB", async () => {
    const needed = [packed["gen-stubs-runtime"].tarball, `@bufbuild/protobuf@${await pinned("@bufbuild/protobuf")}`];
    const project = join(folder, "image");
    const packages = await installed(project, needed);
    expect(packages).toEqual(["@bufbuild/protobuf", "gen-stubs-runtime"]);
    const bytes = await sizeOf(join(project, "node_modules"));
    console.log(`installed: ${packages.length} packages, ${(bytes / 1e6).toFixed(1)} MB`);
    expect(bytes).toBeLessThan(5_000_000);
  }, 120_000);

  test("optional peers are loaded by their own entries alone, and only those ask for them where they are missing", async () => {
    const project = join(folder, "image");
    const entries = [
      "gen-stubs-runtime",
      ...Object.keys(await exportsOf()).map((path) => path.replace(".", "gen-stubs-runtime")),
    ];
    const others = entries.filter((one) => !/package\.json$|codec-ts-proto$/.test(one) && PEERS[one] === undefined);
    const load = (type: string, script: string) =>
      run([process.execPath, `--input-type=${type}`, "--eval", script], { cwd: project });
    const imports = others.map((entry) => `await import("${entry}");`).join("\n");
    const requires = others.map((entry) => `require("${entry}");`).join("\n");
    expect((await load("module", imports)).output).toBe("");
    expect((await load("commonjs", requires)).output).toBe("");
    for (const [entry, peer] of Object.entries(PEERS)) {
      expect((await load("module", `await import("${entry}")`)).output).toContain(peer);
      expect((await load("commonjs", `require("${entry}")`)).output).toContain(peer);
    }
  }, 60_000);
});

/** The entries that need an optional peer other than protobuf-es. */
const PEERS: Readonly<Record<string, string>> = {
  "gen-stubs-runtime/grpc-js": "@grpc/grpc-js",
  "gen-stubs-runtime/relay": "ws",
  "gen-stubs-runtime/web-socket-server": "ws",
  "gen-stubs-runtime/nestjs": "@nestjs/common",
  "gen-stubs-runtime/opentelemetry": "@opentelemetry/api",
  "gen-stubs-runtime/validation": "@bufbuild/protovalidate",
};

async function exportsOf(): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(repository, "src/runtime/package.json"), "utf8")).exports;
}

/** The bytes of all files below a folder. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The names of all packages that npm installs for these. */
async function installed(folder: string, packages: readonly string[]): Promise<string[]> {
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), "{}");
  await runOk(["npm", "install", "--ignore-scripts", ...packages], { cwd: folder });
  const { stdout } = await runOk(["npm", "ls", "--all", "--parseable"], { cwd: folder });
  return stdout
    .split("\n")
    .flatMap((line) => /.*node_modules\/(.+)$/.exec(line)?.[1] ?? [])
    .sort();
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
