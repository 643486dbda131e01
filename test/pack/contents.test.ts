import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packAll, pinned, repository } from "../support/packed.js";
import { runOk } from "../support/shell.js";

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
    ["gen-stubs", ["LICENSE", "README.md", "bin/gen-stubs.js", "bin/protoc-gen-stubs.js", "package.json"]],
    ["gen-stubs-runtime", ["LICENSE", "README.md", "package.json"]],
  ] as const)("%s: compiled code, its types and nothing else", (name, others) => {
    const files = packed[name].files;
    expect(files.filter((file) => !/^dist\/.*\.(js|d\.ts)$/.test(file)).sort()).toEqual(others);
    const code = files.filter((file) => file.startsWith("dist/"));
    expect(code.filter((file) => file.endsWith(".js")).length).toBeGreaterThan(10);
    const sources = name === "gen-stubs" ? "src" : "src/runtime";
    const stale = code.filter((file) => {
      const source = file.replace(/^dist/, sources).replace(/(\.d\.ts|\.js)$/, ".ts");
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

  test("a server's image carries the runtime, what it needs, and no compiler or command line", async () => {
    const needed = await Promise.all(
      ["@grpc/grpc-js", "@bufbuild/protobuf"].map(async (name) => `${name}@${await pinned(name)}`),
    );
    const without = await installed(join(folder, "without"), needed);
    const withRuntime = await installed(join(folder, "with"), [...needed, packed["gen-stubs-runtime"].tarball]);
    expect(without).toContain("@grpc/grpc-js");
    expect(withRuntime).toEqual([...without, "gen-stubs-runtime"].sort());
  }, 120_000);
});

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
