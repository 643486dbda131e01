import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repository } from "../support/packed.js";
import { echoProto, type Project, project } from "./support/project.js";

/** A project in which the packages named are installed. */
function withPackages(files: Record<string, string>, installed: Readonly<Record<string, string>>): Project {
  const p = project({ "protos/a.proto": echoProto("a"), "package.json": "{}", ...files });
  for (const [name, version] of Object.entries(installed)) {
    p.write(`node_modules/${name}/package.json`, JSON.stringify({ name, version }));
  }
  return p;
}

const all = { "gen-stubs-runtime": "0.1.0", "@bufbuild/protobuf": "2.17.0", "@grpc/grpc-js": "1.14.4" };

async function install(p: Project, out = "gen"): Promise<string | null> {
  const run = await p.run("protos", "-o", out, "--json", "--dry-run");
  return JSON.parse(run.stdout).install;
}

describe("packages the project lacks", () => {
  test("none when all are there, also from a folder above", async () => {
    expect(await install(withPackages({}, all))).toBe(null);
    expect(await install(withPackages({ "sub/package.json": "{}" }, all), "sub/gen")).toBe(null);
  });

  test.each([
    ["package-lock.json", "npm install"],
    ["pnpm-lock.yaml", "pnpm add"],
    ["yarn.lock", "yarn add"],
    ["bun.lock", "bun add"],
  ])("with %s: %s", async (lock, command) => {
    const p = withPackages({ [lock]: "", "packages/app/package.json": "{}" }, {});
    expect(await install(p, "packages/app/src/gen")).toBe(`${command} gen-stubs-runtime @bufbuild/protobuf@2`);
  });

  test("names only what is missing or too old", async () => {
    expect(await install(withPackages({}, { ...all, "@bufbuild/protobuf": "1.10.0" }))).toBe(
      "npm install @bufbuild/protobuf@2",
    );
    expect(await install(withPackages({}, { ...all, "@bufbuild/protobuf": "2.9.9" }))).toBe(
      "npm install @bufbuild/protobuf@2",
    );
    expect(await install(withPackages({}, { ...all, "@bufbuild/protobuf": "2.20.0" }))).toBe(null);
  });

  test("leaves grpc-js alone, which one transport needs, unless it is there and too old", async () => {
    const { "@grpc/grpc-js": _, ...some } = all;
    expect(await install(withPackages({}, some))).toBe(null);
    expect(await install(withPackages({}, { ...all, "@grpc/grpc-js": "1.13.0" }))).toBe("npm install @grpc/grpc-js@1");
  });

  test("goes by package.json under Plug'n'Play, which has no node_modules", async () => {
    const dependencies = { "gen-stubs-runtime": "*", "@bufbuild/protobuf": "*" };
    const files = { "package.json": JSON.stringify({ dependencies }), ".pnp.cjs": "", "yarn.lock": "" };
    expect(await install(withPackages(files, {}))).toBe(null);
  });

  test("is said to people too, once, and does not fail the run", async () => {
    const p = withPackages({}, {});
    const run = await p.run("protos", "-o", "gen");
    expect(run.code).toBe(0);
    expect(run.stdout.split("npm install gen-stubs-runtime @bufbuild/protobuf@2\n")).toHaveLength(2);
  });

  test("says nothing outside of any project", async () => {
    const p = project({ "protos/a.proto": echoProto("a") });
    expect(await install(p)).toBe(null);
  });
});

describe("import_extension fits the project", () => {
  const tsconfig = (compilerOptions: object): Record<string, string> => ({
    "tsconfig.json": `// a comment\n${JSON.stringify({ compilerOptions })}`,
  });
  const esm = { "package.json": '{"type":"module"}' };
  const cjs = { "package.json": "{}" };

  test.each<[string, Record<string, string>, string]>([
    ["NodeNext", { ...esm, ...tsconfig({ module: "NodeNext" }) }, "js"],
    ["node20 in CommonJS", { ...cjs, ...tsconfig({ module: "node20" }) }, "js"],
    ["moduleResolution node16", { ...esm, ...tsconfig({ moduleResolution: "node16" }) }, "js"],
    [
      "NodeNext with .ts imports",
      { ...esm, ...tsconfig({ module: "nodenext", rewriteRelativeImportExtensions: true }) },
      "ts",
    ],
    ["bundler", { ...esm, ...tsconfig({ module: "ESNext", moduleResolution: "bundler" }) }, "none"],
    ["preserve", { ...esm, ...tsconfig({ module: "preserve" }) }, "none"],
    ["CommonJS", { ...cjs, ...tsconfig({ module: "commonjs" }) }, "none"],
    ["ESNext without resolution", { ...esm, ...tsconfig({ module: "ESNext" }) }, "js"],
    ["no tsconfig, ES modules", esm, "js"],
    ["no tsconfig, CommonJS", cjs, "none"],
    ["neither", {}, "js"],
    ["a broken tsconfig", { ...esm, "tsconfig.json": "{" }, "js"],
    [
      "extends",
      {
        ...esm,
        "base/tsconfig.json": '{"compilerOptions":{"moduleResolution":"bundler"}}',
        "tsconfig.json": '{"extends":"./base/tsconfig.json"}',
      },
      "none",
    ],
  ])("%s", async (_name, files, expected) => {
    const p = project({
      "protos/a.proto": 'syntax = "proto3"; import "b.proto"; message A { B b = 1; }',
      "protos/b.proto": 'syntax = "proto3"; message B {}',
      ...files,
    });
    mkdirSync(p.path("src"));
    const run = await p.run("protos", "-o", "src/gen", "--json");
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: true, importExtension: expected });
    const specifier = expected === "none" ? "./b_pb" : `./b_pb.${expected}`;
    expect(p.read("src/gen/a_pb.ts")).toContain(`from "${specifier}"`);
  });

  test("the tsconfig of the output folder counts, not that of the current one", async () => {
    const p = project({
      "protos/a.proto": echoProto("a"),
      "tsconfig.json": '{"compilerOptions":{"module":"NodeNext"}}',
      "web/tsconfig.json": '{"compilerOptions":{"moduleResolution":"bundler"}}',
    });
    await p.run("protos", "-o", "web/src/gen");
    expect(p.read("web/src/gen/a_grpc.ts")).toContain('from "./a_pb"');
  });

  describe("a tsconfig.json that leaves the folder to the projects it references", () => {
    const nodenext = '{"compilerOptions":{"module":"nodenext"},"include":["vite.config.ts"]}';
    const root = (references: object[]): string => JSON.stringify({ files: [], references });

    test.each<[string, Record<string, string>, string]>([
      [
        "as npm create vite writes it",
        {
          "tsconfig.json": root([{ path: "./tsconfig.node.json" }, { path: "./tsconfig.app.json" }]),
          "tsconfig.node.json": nodenext,
          "tsconfig.app.json":
            '{"compilerOptions":{"module":"esnext","moduleResolution":"bundler","erasableSyntaxOnly":true},"include":["src"]}',
        },
        "none",
      ],
      [
        "a folder among them, and one that refers back",
        {
          "tsconfig.json": root([{ path: "./app" }, { path: "./gone" }]),
          "app/tsconfig.json": root([{ path: ".." }, { path: "./tsconfig.lib.json" }]).replace("[]", '["none.ts"]'),
          "app/tsconfig.lib.json":
            '{"compilerOptions":{"module":"esnext","moduleResolution":"bundler","erasableSyntaxOnly":true},"include":["../src"]}',
        },
        "none",
      ],
      [
        "none of them includes it",
        { "tsconfig.json": root([{ path: "./tsconfig.node.json" }]), "tsconfig.node.json": nodenext },
        "js",
      ],
    ])("%s", async (_name, files, extension) => {
      const enumeration = 'syntax = "proto3"; enum Color { COLOR_UNSPECIFIED = 0; } message A { Color color = 1; }';
      const p = project({ "protos/a.proto": enumeration, "package.json": '{"type":"module"}', ...files });
      const run = await p.run("protos", "-o", "src/gen", "--json");
      expect(JSON.parse(run.stdout)).toMatchObject({ ok: true, importExtension: extension });
      // Two of the three are told to do without enums.
      expect(/^export enum /m.test(p.read("src/gen/a_pb.ts"))).toBe(extension === "js");
    });
  });

  test("JavaScript gets the extension that Node needs, whatever the compiler of the project would do", async () => {
    const p = project({ "protos/a.proto": echoProto("a"), "package.json": '{"type":"module"}' });
    await p.run("protos", "-o", "gen", "--opt", "target=js+dts");
    expect(p.read("gen/a_grpc.js")).toContain('from "./a_pb.js"');
    expect(p.read("gen/a_grpc.d.ts")).toContain('from "./a_pb.js"');
    await p.run("protos", "-o", "own", "--opt", "target=js,import_extension=none");
    expect(p.read("own/a_grpc.js")).toContain('from "./a_pb"');
  });

  test("--opt overrides it, for stubs and messages alike", async () => {
    const p = project({
      "protos/a.proto": echoProto("a"),
      "tsconfig.json": '{"compilerOptions":{"module":"NodeNext"}}',
    });
    await p.run("protos", "-o", "gen", "--opt", "import_extension=none");
    expect(p.read("gen/a_grpc.ts")).toContain('from "./a_pb"');
    await p.run("protos", "-o", "gen", "--messages-opt", "import_extension=ts");
    expect(p.read("gen/a_grpc.ts")).toContain('from "./a_pb.ts"');
  });
});

describe("messages that live elsewhere", () => {
  const files = {
    "protos/a.proto":
      'syntax = "proto3"; package a; import "common/v1/b.proto"; message A { common.v1.B b = 1; } service S { rpc M(A) returns (common.v1.B); }',
    "vendor/common/v1/b.proto": 'syntax = "proto3"; package common.v1; message B {}',
  };

  test("M<file>=<module> is not generated, and imported from there by both", async () => {
    const p = project(files);
    const run = await p.run(
      "-Iprotos",
      "-Ivendor",
      "protos",
      "-o",
      "gen",
      "--opt",
      "Mcommon/v1/b.proto=@acme/common/common/v1/b_pb.js",
    );
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(p.list("gen")).toEqual(["a_grpc.ts", "a_pb.ts"]);
    expect(p.read("gen/a_pb.ts")).toMatch(/from "@acme\/common\/common\/v1\/b_pb(\.js)?"/);
    expect(p.read("gen/a_grpc.ts")).toContain('from "@acme/common/common/v1/b_pb.js"');
  });

  test("rewrite_imports likewise", async () => {
    const p = project(files);
    const run = await p.run(
      "-Iprotos",
      "-Ivendor",
      "protos",
      "-o",
      "gen",
      "--opt",
      "rewrite_imports=./common/**/*_pb.js:@acme/common",
    );
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(p.list("gen")).toEqual(["a_grpc.ts", "a_pb.ts"]);
    const specifier = /from "(@acme\/[^"]+)"/;
    expect(specifier.exec(p.read("gen/a_pb.ts"))?.[1]).toBe(specifier.exec(p.read("gen/a_grpc.ts"))?.[1]);
  });
});

describe("JavaScript is of the kind that package.json says", () => {
  const bundler = { "tsconfig.json": '{"compilerOptions":{"module":"ESNext","moduleResolution":"bundler"}}' };
  const use = "const { EchoClient } = require('./gen/a_grpc.js'); console.log(typeof EchoClient);";
  const useEsm = "import { EchoClient } from './gen/a_grpc.js'; console.log(typeof EchoClient);";

  test.each<[string, Record<string, string>, string]>([
    ["commonjs, as npm init writes it", { "package.json": '{"type":"commonjs"}', "use.js": use }, "require("],
    ["no type", { "package.json": "{}", "use.js": use }, "require("],
    ["module", { "package.json": '{"type":"module"}', "use.js": useEsm }, "import {"],
    [
      "a folder of another type",
      { "package.json": "{}", "gen/package.json": '{"type":"module"}', "use.mjs": useEsm },
      "import {",
    ],
  ])("%s: the files run", async (_name, files, expected) => {
    const p = project({ "protos/a.proto": echoProto("a"), ...files });
    symlinkSync(join(repository, "node_modules"), p.path("node_modules"));
    const run = await p.run("protos", "-o", "gen", "--opt", "target=js+dts");
    expect(run.code, run.stderr).toBe(0);
    for (const name of ["gen/a_grpc.js", "gen/a_pb.js"]) expect(p.read(name)).toContain(expected);
    const script = p.path("use.js" in files ? "use.js" : "use.mjs");
    expect(execFileSync(process.execPath, [script], { encoding: "utf8" })).toBe("function\n");
  });

  test.each<[string, Record<string, string>, string[]]>([
    ["a bundler reads ES modules", { "package.json": "{}", ...bundler }, []],
    ["the user says otherwise", { "package.json": "{}" }, ["--opt", "js_import_style=module"]],
  ])("%s", async (_name, files, options) => {
    const p = project({ "protos/a.proto": echoProto("a"), ...files });
    const run = await p.run("protos", "-o", "gen", "--opt", "target=js", ...options);
    expect(run.code, run.stderr).toBe(0);
    for (const name of ["gen/a_grpc.js", "gen/a_pb.js"]) expect(p.read(name)).toContain("import {");
  });
});

describe("messages have no enums where types are only stripped", () => {
  const proto = 'syntax = "proto3"; enum Color { COLOR_UNSPECIFIED = 0; } message A { Color color = 1; }';
  const tsconfig = (compilerOptions: object) => ({ "tsconfig.json": JSON.stringify({ compilerOptions }) });
  const nodenext = { module: "nodenext" };

  test.each<[string, Record<string, string>, boolean]>([
    ["erasableSyntaxOnly", tsconfig({ ...nodenext, erasableSyntaxOnly: true }), true],
    ["no tsconfig.json", {}, true],
    [
      ".ts imports that nothing rewrites",
      tsconfig({ ...nodenext, noEmit: true, allowImportingTsExtensions: true }),
      true,
    ],
    [".ts imports that tsc rewrites", tsconfig({ ...nodenext, rewriteRelativeImportExtensions: true }), false],
    ["tsc compiles", tsconfig(nodenext), false],
  ])("%s", async (_name, files, erasable) => {
    const p = project({ "protos/a.proto": proto, "package.json": '{"type":"module"}', ...files });
    symlinkSync(join(repository, "node_modules"), p.path("node_modules"));
    for (const messages of ["es", "ts_proto"]) {
      const run = await p.run("protos", "-o", "gen", "--messages", messages);
      expect(run.code, run.stderr).toBe(0);
      expect(/^export enum /m.test(p.read(messages === "es" ? "gen/a_pb.ts" : "gen/a.ts")), messages).toBe(!erasable);
    }
  });

  test("the user says otherwise", async () => {
    const p = project({ "protos/a.proto": proto, "package.json": '{"type":"module"}' });
    const run = await p.run("protos", "-o", "gen", "--messages-opt", "erasable_syntax=false");
    expect(run.code, run.stderr).toBe(0);
    expect(p.read("gen/a_pb.ts")).toContain("export enum ");
  });
});
