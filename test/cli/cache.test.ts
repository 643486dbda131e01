import { chmodSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { diskCache } from "../../src/cache/disk-cache.js";
import { echoProto, type Project, project } from "./support/project.js";

// Cached results show in what did not run: a protoc that leaves a mark each time it does.
const shim = `#!/usr/bin/env node
const { execFileSync } = require("node:child_process");
const { appendFileSync } = require("node:fs");
const words = process.argv.slice(2);
if (!words.includes("--version")) appendFileSync(process.env.MARKS, "x");
const real = require.resolve("protoc/protoc.cjs", { paths: [process.env.REPOSITORY] });
try { execFileSync(process.execPath, [real, ...words], { stdio: "inherit" }); } catch (error) { process.exit(error.status ?? 1); }
`;

const files = {
  "package.json": "{}",
  "node_modules/.keep": "",
  "protos/a.proto": echoProto("a"),
  "protos/b.proto": echoProto("b").replace("package", 'import "c.proto";\nimport "a.proto";\npackage'),
  "shared/c.proto": 'syntax = "proto3"; message C {}',
  protoc: shim,
  marks: "",
};

function counted(): { p: Project; run: (...args: string[]) => Promise<number> } {
  const p = project(files);
  chmodSync(p.path("protoc"), 0o755);
  // A file saved while protoc first reads it is not taken for settled.
  utimesSync(p.path("shared/c.proto"), 1_000, 1_000);
  const env = { MARKS: p.path("marks"), REPOSITORY: process.cwd() };
  const run = async (...args: string[]): Promise<number> => {
    const before = p.read("marks").length;
    const result = await p.runWith({ env }, "protos", "-I", "shared", "-o", "gen", "--protoc", "./protoc", ...args);
    if (result.code !== 0) throw new Error(result.stderr + result.stdout);
    return p.read("marks").length - before;
  };
  return { p, run };
}

describe.skipIf(process.platform === "win32")("results of the last run", () => {
  test("are used where nothing changed, and hold the same", async () => {
    const { p, run } = counted();
    expect(await run()).toBe(1);
    const first = p.list("gen").map((name) => p.read(`gen/${name}`));
    expect(readdirSync(p.path("node_modules/.cache/gen-stubs"))).not.toEqual([]);
    rmSync(p.path("gen"), { recursive: true });
    expect(await run()).toBe(0);
    expect(p.list("gen").map((name) => p.read(`gen/${name}`))).toEqual(first);
  });

  test("are not used after any change: of a file, of an import, of who is imported, of an option", async () => {
    const { p, run } = counted();
    expect(await run()).toBe(1);
    p.write("protos/a.proto", echoProto("a").replace("text", "words"));
    expect(await run()).toBe(1);
    expect(p.read("gen/a_pb.ts")).toContain("words");
    p.write("shared/c.proto", 'syntax = "proto3"; message C { string added = 1; }');
    expect(await run()).toBe(1);
    expect(p.read("gen/c_pb.ts")).toContain("added");
    // Another file of that name comes first now.
    p.write("first/c.proto", 'syntax = "proto3"; message C { string other = 1; }');
    expect(await run("-I", "first", "-I", "shared")).toBe(1);
    expect(p.read("gen/a_grpc.ts")).toContain('"./a_pb"');
    await run("--opt", "import_extension=js");
    expect(p.read("gen/a_grpc.ts")).toContain('"./a_pb.js"');
  });

  test("are not used where names change: by --exclude, or a prefix of a proto path", async () => {
    const p = project({ "protos/a.proto": echoProto("a"), "protos/b.proto": echoProto("b") });
    const files = async (...args: string[]): Promise<readonly string[]> => {
      const run = await p.run("protos", "-o", "gen", "--clean", ...args);
      expect(run).toMatchObject({ code: 0, stderr: "" });
      return p.list("gen");
    };
    const all = ["a_grpc.ts", "a_pb.ts", "b_grpc.ts", "b_pb.ts"];
    expect(await files()).toEqual(all);
    expect(await files("--exclude", "b.proto")).toEqual(all.slice(0, 2));
    expect(await files("-I", "x=protos")).toEqual(all.map((name) => `x/${name}`));
    expect(await files("-I", "y=protos")).toEqual(all.map((name) => `y/${name}`));
    expect(await files()).toEqual(all);
  });

  test("are not used with --no-cache, nor once they were deleted or damaged", async () => {
    const { p, run } = counted();
    expect(await run()).toBe(1);
    expect(await run("--no-cache")).toBe(1);
    const folder = p.path("node_modules/.cache/gen-stubs");
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, name));
      writeFileSync(join(folder, name), bytes.subarray(0, bytes.length - 1));
    }
    expect(await run("--check")).toBe(1);
    rmSync(folder, { recursive: true });
    expect(await run("--check")).toBe(1);
  });

  test("an output edited by hand is found stale all the same", async () => {
    const { p, run } = counted();
    await run();
    p.write("gen/a_pb.ts", `${p.read("gen/a_pb.ts")}// mine\n`);
    await run();
    expect(p.read("gen/a_pb.ts")).not.toContain("mine");
  });

  test("are not needed: a folder that cannot be written costs nothing but time", async () => {
    const { p, run } = counted();
    p.write("node_modules/.cache", "a file");
    expect(await run()).toBe(1);
    expect(await run("--check")).toBe(1);
  });
});

test("the entries used longest ago make room", async () => {
  const p = project({});
  const cache = diskCache(p.folder);
  for (let i = 0; i < 80; i++) {
    cache.put(`k${i}`, new Uint8Array([i]));
    if (p.has(`k${i}`)) utimesSync(p.path(`k${i}`), i + 1, i + 1);
  }
  expect(p.list(".")).toHaveLength(64);
  expect(cache.get("k0")).toBeUndefined();
  expect(cache.get("k79")).toEqual(Buffer.from([79]));
});
