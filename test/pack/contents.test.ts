import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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
    ["gen-stubs", ["CHANGELOG.md", "LICENSE", "README.md", "bin/gen-stubs.js", "bin/protoc-gen-stubs.js", "package.json"]],
    ["gen-stubs-runtime", ["LICENSE", "README.md", "package.json"]],
  ] as const)("%s: compiled code, its types and nothing else", (name, others) => {
    const files = packed[name].files;
    expect(files.filter((file) => !/^dist\/.*\.(js|d\.ts)$/.test(file)).sort()).toEqual(others);
    const code = files.filter((file) => file.startsWith("dist/"));
    expect(code.filter((file) => file.endsWith(".js")).length).toBeGreaterThan(10);
    expect(code.filter((file) => /(^|\/)(test|bench|fixtures|examples)\/|\.test\./.test(file))).toEqual([]);
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

  test("a server's image carries no compiler and no command line", { timeout: 120_000 }, async () => {
    const project = join(folder, "server");
    const peers = ["@grpc/grpc-js", "@bufbuild/protobuf"];
    const versions = await Promise.all(peers.map(async (name) => `${name}@${await pinned(name)}`));
    await runOk(["mkdir", "server"], { cwd: folder });
    await writeFile(join(project, "package.json"), "{}");
    await runOk(["npm", "install", "--ignore-scripts", packed["gen-stubs-runtime"].tarball, ...versions], { cwd: project });
    const { stdout } = await runOk(["npm", "ls", "--all", "--parseable"], { cwd: project });
    const installed = stdout.split("\n").flatMap((line) => /node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(line)?.[1] ?? []);
    expect(installed).toEqual(expect.arrayContaining(["gen-stubs-runtime", ...peers]));
    expect(installed.filter((name) => /^(gen-stubs|ts-morph|protoc|yargs|typescript|@bufbuild\/protoc.*|esbuild)$/.test(name))).toEqual([]);
    // What @grpc/grpc-js itself brings is not ours to choose; nothing else may come.
    const alone = join(folder, "grpc-js");
    await runOk(["mkdir", "grpc-js"], { cwd: folder });
    await writeFile(join(alone, "package.json"), "{}");
    await runOk(["npm", "install", "--ignore-scripts", ...versions], { cwd: alone });
    const before = (await runOk(["npm", "ls", "--all", "--parseable"], { cwd: alone })).stdout.trim().split("\n").length;
    expect(new Set(installed).size).toBe(before);
  });
});

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
