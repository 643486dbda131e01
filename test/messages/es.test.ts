import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wktPublicImportPaths } from "@bufbuild/protobuf/codegenv2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FileSet, splitFileSet } from "../../src/descriptors/file-set.js";
import { es } from "../../src/messages/es/generator.js";
import { mapEsModules } from "../../src/messages/es/modules.js";
import { protocSet } from "../cli/support/protoc.js";

const folder = mkdtempSync(join(tmpdir(), "gen-stubs-es-"));
let files: FileSet;

beforeAll(() => {
  const types = Array.from({ length: 300 }, (_, i) => `message M${i} { string a = 1; M${(i + 1) % 300} b = 2; }`).join(
    "\n",
  );
  for (const name of ["a", "b", "c"]) {
    const importing = name === "a" ? "" : 'import "a.proto";\nimport "google/protobuf/timestamp.proto";\n';
    const extra = name === "a" ? "" : "message X { a.M0 m = 1; google.protobuf.Timestamp t = 2; }\n";
    writeFileSync(
      join(folder, `${name}.proto`),
      `syntax = "proto3";\n${importing}package ${name};\n${types}\n${extra}`,
    );
  }
  protocSet(folder, join(folder, "set.binpb"), ["a.proto", "b.proto", "c.proto"]);
  files = splitFileSet(readFileSync(join(folder, "set.binpb")));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("messages by protoc-gen-es", () => {
  test("are the same from several processes as from protoc-gen-es on its own", async () => {
    const options = [
      { key: "target", value: "ts" },
      { key: "import_extension", value: "js" },
    ];
    const progress: number[] = [];
    const names = ["a.proto", "b.proto", "c.proto"];
    const made = await es.generate({ files, generate: names, options, onProgress: (count) => progress.push(count) });
    expect(progress.reduce((a, b) => a + b)).toBe(3);
    mkdirSync(join(folder, "direct"), { recursive: true });
    const plugin = join(process.cwd(), "node_modules/.bin/protoc-gen-es");
    execFileSync(process.execPath, [
      join(process.cwd(), "node_modules/protoc/protoc.cjs"),
      `-I${folder}`,
      `--plugin=protoc-gen-es=${plugin}`,
      `--es_out=${join(folder, "direct")}`,
      "--es_opt=target=ts,import_extension=js",
      ...names.map((name) => join(folder, name)),
    ]);
    expect(made.map(({ name }) => name).sort()).toEqual(["a_pb.ts", "b_pb.ts", "c_pb.ts"]);
    for (const { name, content } of made) expect(content).toBe(readFileSync(join(folder, "direct", name), "utf8"));
  }, 120_000);

  test("brings the well-known types with its runtime, and no others", () => {
    const brought = Object.keys(wktPublicImportPaths);
    expect(brought).toContain("google/protobuf/timestamp.proto");
    expect(brought.filter((file) => !es.brings(file))).toEqual([]);
    const others = ["google/protobuf/unittest.proto", "google/api/http.proto"];
    expect(others.filter((file) => es.brings(file))).toEqual([]);
  });

  test("nothing to generate starts no process and gives nothing", async () => {
    expect(await es.generate({ files, generate: [], options: [] })).toEqual([]);
  });
});

describe("modules elsewhere", () => {
  const map = (key: string, value: string) => mapEsModules([{ key, value }]);

  test("M<file>=<module> becomes a rewrite where the module ends as the file", () => {
    const { options, elsewhere } = map("Ma/b.proto", "@acme/x/a/b_pb.js");
    expect(options).toEqual([{ key: "rewrite_imports", value: "./a/b_pb.js:@acme/x" }]);
    expect(elsewhere("a/b.proto")).toBe(true);
    expect(elsewhere("a/bb.proto")).toBe(false);
    expect(map("Ma/b.proto", "@acme/other").elsewhere("a/b.proto")).toBe(false);
  });

  test("rewrite_imports covers what its pattern does", () => {
    const { options, elsewhere } = map("rewrite_imports", "./a/**/*_pb.js:@acme/x");
    expect(options).toEqual([]);
    expect([elsewhere("a/b.proto"), elsewhere("a/b/c.proto"), elsewhere("b/a.proto")]).toEqual([true, true, false]);
    expect(map("rewrite_imports", "./a/*_pb.js:@acme/x").elsewhere("a/b/c.proto")).toBe(false);
    expect(map("rewrite_imports", "./a.b/*:@x").elsewhere("aXb/c.proto")).toBe(false);
  });
});
