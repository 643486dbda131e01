import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readBufConfig } from "../../src/compile/buf-config.js";
import { isExcluded, moduleOf } from "../../src/compile/buf-modules.js";
import { defaultRoot } from "../../src/compile/default-root.js";
import { topLevelNames } from "../../src/compile/diagnosis/definitions.js";
import { secondCopyFaults } from "../../src/compile/diagnosis/second-copies.js";
import { excludePatterns } from "../../src/compile/exclude.js";
import { parseGoMod, requiredModule } from "../../src/compile/go-module.js";
import { importStatements } from "../../src/compile/import-statements.js";
import { nameIn, pathIn } from "../../src/compile/proto-root.js";

describe("the root of a file that no import says anything about", () => {
  test.each([
    ["/w/protos/acme/v1/a.proto", "/w/protos", "acme.v1", "/w/protos"],
    ["/w/protos/acme/v1/a.proto", "/w/protos/acme/v1", "acme.v1", "/w/protos"],
    ["/w/protos/acme/v1/a.proto", "/w/protos/acme", "acme.v1", "/w/protos"],
    ["/w/protos/acme/v1/a.proto", undefined, "acme.v1", "/w/protos"],
    // Deeper than the folder given: that one stays the root.
    ["/w/protos/acme/v1/a.proto", "/w", "acme.v1", "/w"],
    ["/w/x/y/a.proto", "/w/x", "other", "/w/x"],
    ["/w/x/y/a.proto", undefined, "other", "/w/x/y"],
    ["/w/x/y/a.proto", undefined, "", "/w/x/y"],
    ["/w/x/y/a.proto", "/w/x", "", "/w/x"],
    // The checkout's own name is no part of a package.
    ["/home/w/v1/a.proto", "/home/w/v1", "w.v1", "/home/w/v1", "/home/w"],
    ["/home/w/v1/a.proto", undefined, "w.v1", "/home/w/v1", "/home/w"],
  ])("%s, given %s, package %s: %s", (path, folder, packageName, root, boundary = "/w") => {
    expect(defaultRoot({ path, folder }, { package: packageName }, boundary)).toBe(root);
  });
});

describe("--exclude", () => {
  const excluded = (pattern: string, path: string, base?: string) =>
    excludePatterns([pattern], "/w").exclude(path, base);
  test.each([
    ["build", "/w/build", true],
    ["build", "/w/a/build", true],
    ["build", "/w/build2", false],
    ["build/", "/w/a/build", true],
    ["./a/build", "/w/a/build", true],
    ["a/build", "/w/b/a/build", false],
    ["**/build", "/w/b/a/build", true],
    ["a/**", "/w/a/x/y.proto", true],
    ["*_test.proto", "/w/a/x_test.proto", true],
    ["*_test.proto", "/w/a/x.proto", false],
    ["{build,out}", "/w/out", true],
    [".hidden", "/w/.hidden", true],
    ["/w/a", "/w/a", true],
    ["../x/a", "/x/a", true],
  ])("%s and %s: %s", (pattern, path, result) => {
    expect(excluded(pattern, path)).toBe(result);
  });

  test("a path may also be from the folder given", () => {
    expect(excluded("acme/old", "/w/protos/acme/old", "/w/protos")).toBe(true);
    expect(excluded("acme/old", "/w/protos/acme/old")).toBe(false);
  });

  test("what has left nothing out is told, also where another pattern leaves out the same", () => {
    const { exclude, unused } = excludePatterns(["build", "b*", "vendor", "x/y"], "/w");
    expect([exclude("/w/build"), exclude("/w/src"), exclude("/w/x/y")]).toEqual([true, false, true]);
    expect(unused()).toEqual(["vendor"]);
    expect(excludePatterns([], "/w").exclude("/w/build")).toBe(false);
  });
});

describe("roots behind a prefix", () => {
  const root = { virtual: "example.com/shop", folder: "/w" };
  test.each([
    ["/w/api/a.proto", "example.com/shop/api/a.proto"],
    ["/x/a.proto", undefined],
  ])("%s is %s", (path, name) => {
    expect(nameIn(root, path)).toBe(name);
    if (name !== undefined) expect(pathIn(root, name)).toBe(path);
  });

  test("no other name leads there", () => {
    expect(pathIn(root, "example.com/shopping/a.proto")).toBeUndefined();
    expect(pathIn(root, "api/a.proto")).toBeUndefined();
  });
});

describe("go.mod", () => {
  test.each([
    ["module example.com/a\n", "example.com/a", []],
    ['// c\nmodule "example.com/a" // c\r\nrequire x.org/b v1.0.0\r\n', "example.com/a", ["x.org/b v1.0.0"]],
    ["module a\nrequire (\n\tb v1 // indirect\n\tb/v2 v2.1.0\n)\nreplace b => ../b\n", "a", ["b v1", "b/v2 v2.1.0"]],
    ["module (\n\ta\n)\n", "a", []],
    ["go 1.24\n", undefined, undefined],
  ])("%j", (text, path, requires) => {
    const module = parseGoMod(text, "/w");
    expect(module?.path).toBe(path);
    expect(module === undefined ? undefined : [...module.requires].map((pair) => pair.join(" "))).toEqual(requires);
  });

  test("of the modules that fit a name the longest counts", () => {
    const module = parseGoMod("module a\nrequire (\n b v1\n b/v2 v2\n)\n", "/w");
    const of = (name: string) => (module === undefined ? undefined : requiredModule(module, name)?.version);
    expect([of("b/x.proto"), of("b/v2/x.proto"), of("bc/x.proto")]).toEqual(["v1", "v2", undefined]);
  });
});

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

describe("buf's configuration", () => {
  const folderWith = (files: Readonly<Record<string, string>>): string => {
    const folder = mkdtempSync(join(tmpdir(), "gen-stubs-buf-"));
    made.push(folder);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return folder;
  };
  const v2 = "version: v2\nmodules:\n  - path: api\n    excludes: [api/old]\n  - path: lib\ndeps:\n  - buf.build/a/b\n";
  test.each<[string, Readonly<Record<string, string>>, string, string[], string[]]>([
    ["v2, from the file's folder", { "buf.yaml": v2 }, "api", ["api", "lib"], ["api/old", "api/old/a.proto"]],
    ["v2 without modules", { "buf.yaml": "version: v2\n" }, ".", ["."], []],
    ["v1", { "proto/buf.yaml": "version: v1\nbuild:\n  excludes: [old]\n" }, "proto", ["proto"], ["proto/old"]],
    [
      "v1beta1",
      { "buf.yaml": "version: v1beta1\nbuild:\n  roots: [proto]\n  excludes: [proto/old]\n" },
      ".",
      ["proto"],
      ["proto/old/x.proto"],
    ],
    [
      "a workspace of v1",
      {
        "buf.work.yaml": "version: v1\ndirectories: [a, b]\n",
        "a/buf.yaml": "version: v1\nbuild:\n  excludes: [old]\n",
      },
      "a",
      ["a", "b"],
      ["a/old"],
    ],
    ["what is no YAML", { "buf.yaml": ": [" }, ".", [], []],
  ])("%s", (_, files, start, modules, excluded) => {
    const folder = folderWith(files);
    const config = readBufConfig(join(folder, start));
    if (config === undefined) throw new Error("no configuration");
    expect(config.modules.map((one) => one.folder)).toEqual(modules.map((name) => join(folder, name)));
    for (const name of excluded) expect(isExcluded(config, join(folder, name))).toBe(true);
    expect(isExcluded(config, join(folder, "api/older/a.proto"))).toBe(false);
    if (files["buf.yaml"] === v2) {
      expect(config.deps).toEqual(["buf.build/a/b"]);
      expect(moduleOf(config, join(folder, "lib/x.proto"))?.folder).toBe(join(folder, "lib"));
    }
  });
});

test("imports with their places, as protoc counts them", () => {
  const text =
    'syntax = "proto3";\r\n/* import "no.proto"; */\timport "a.proto";\n// ü\n/* ü */ import public "b.proto";';
  expect(importStatements(text, "/w/x.proto").map(({ name, line, column }) => [name, line, column])).toEqual([
    ["a.proto", 2, 33],
    ["b.proto", 4, 10],
  ]);
});

test("names at the top of a file", () => {
  const text = `// message No {}
package a.b; message M { message Inner {} enum E { X = 0; } } /* enum No {} */
enum T { Y = 0; } service S { rpc R(M) returns (M) { option (o) = "message No {}"; } }`;
  expect(topLevelNames(text)).toEqual(["a.b.M", "a.b.T", "a.b.S"]);
});

describe("which folder to leave out", () => {
  const file = (path: string, text = "package p; message M {}") => ({
    path: `/w/${path}`,
    real: `/w/${path}`,
    text,
    inputName: path,
    importedAs: new Map(),
  });
  const other = (path: string) => file(path, `message ${path.replace(/\W/g, "_")} {}`);
  test.each([
    ["the one that is usual for copies", [file("a/x.proto"), file("vendor/x.proto")], "vendor/x.proto", "vendor"],
    [
      "the highest that holds copies alone",
      [file("a/x.proto"), file("build/gen/b/x.proto")],
      "build/gen/b/x.proto",
      "build",
    ],
    [
      "not one that holds much else",
      [file("a/x.proto"), file("b/old/x.proto"), other("b/1.proto"), other("b/2.proto")],
      "b/old/x.proto",
      "b/old",
    ],
    ["not one that holds the original", [file("a/x.proto"), file("a/build/x.proto")], "a/build/x.proto", "a/build"],
    [
      "the file, where its folder holds more",
      [file("a/x.proto"), file("a/y.proto"), other("a/z.proto")],
      "a/y.proto",
      "a/y.proto",
    ],
    [
      "never what is only imported",
      [{ ...file("vendor/x.proto"), inputName: undefined }, file("a/x.proto")],
      "a/x.proto",
      "a",
    ],
  ])("%s", (_, files, copy, folder) => {
    const [fault, ...more] = secondCopyFaults(files, "/w");
    expect(more).toEqual([]);
    expect(fault?.file).toBe(copy);
    expect(fault?.hint).toBe(`leave it out: --exclude ${folder}`);
  });
});
