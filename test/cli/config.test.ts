import { describe, expect, test } from "vitest";
import type { Config, OutputConfig } from "../../src/cli/config/config.js";
import { configKeys } from "../../src/cli/config/config-keys.js";
import { echoProto, type Project, project, runInProcess } from "./support/project.js";

const protos = { "protos/a.proto": echoProto("a"), "admin/b.proto": echoProto("b") };

/** What `--print-config` says, as an object. */
async function printed(p: Project, ...args: string[]): Promise<Config> {
  const run = await runInProcess(p.folder, ...args, "--print-config");
  if (run.code !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

describe("a config file", () => {
  const forms: Readonly<Record<string, string>> = {
    "gen-stubs.config.ts": `import { defineConfig, type Config } from "gen-stubs/config";
const out: string = "gen";
export default defineConfig({ paths: "protos", out } satisfies Config);
`,
    "gen-stubs.config.mts": 'export default { paths: "protos", out: "gen" };\n',
    "gen-stubs.config.js":
      'import { defineConfig } from "gen-stubs/config";\nexport default defineConfig({ paths: "protos", out: "gen" });\n',
    "gen-stubs.config.mjs": 'export default { paths: ["protos"], out: "gen" };\n',
    "gen-stubs.config.json": '{ "$schema": "x", "paths": ["protos"], "out": "gen" }\n',
    "package.json": '{ "gen-stubs": { "paths": ["protos"], "out": "gen" } }\n',
  };

  test.each(Object.keys(forms))("may be %s, and gen-stubs alone does what it says", async (name) => {
    const p = project({ ...protos, [name]: forms[name] ?? "" });
    const run = await p.run();
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(p.list("gen")).toEqual(["a_grpc.ts", "a_pb.ts"]);
  });

  test("has all options of the command line, under their names", () => {
    // The compiler checks that these are all the keys of the type; the flags are where they come from.
    const keys: Readonly<Record<keyof OutputConfig, true>> = {
      paths: true,
      protoPath: true,
      exclude: true,
      descriptorSet: true,
      protoc: true,
      out: true,
      clean: true,
      messages: true,
      opt: true,
      messagesOpt: true,
      k6: true,
      includeImports: true,
      formatWith: true,
      cache: true,
    };
    expect([...configKeys.keys()].sort()).toEqual(Object.keys(keys).sort());
  });

  test("may have several outputs, which share what stands beside them", async () => {
    const config = {
      opt: { target: "js+dts", import_extension: "js" },
      outputs: [
        { paths: "protos", out: "gen/public" },
        { paths: ["admin"], out: "gen/admin", opt: { target: "ts" }, k6: true },
      ],
    };
    const p = project({ ...protos, "gen-stubs.config.json": JSON.stringify(config) });
    const run = await p.run();
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain("Wrote to gen/public: 4 files");
    expect(run.stdout).toContain("Wrote to gen/admin: 3 files");
    expect(p.list("gen")).toEqual([
      "admin/b_grpc.ts",
      "admin/b_k6.ts",
      "admin/b_pb.ts",
      "public/a_grpc.d.ts",
      "public/a_grpc.js",
      "public/a_pb.d.ts",
      "public/a_pb.js",
    ]);
    expect((await p.run("--check")).code).toBe(0);
    const json = JSON.parse((await p.run("--json")).stdout);
    expect(json).toMatchObject({
      ok: true,
      out: null,
      runs: [{ out: "gen/public" }, { out: "gen/admin", unchanged: 3 }],
    });
  });

  test("one output's fault leaves the others alone, and is the exit code", async () => {
    const outputs = [
      { paths: "broken", out: "gen/x" },
      { paths: "protos", out: "gen/y" },
    ];
    const p = project({
      ...protos,
      "broken/x.proto": "syntax = 1;",
      "gen-stubs.config.json": JSON.stringify({ outputs }),
    });
    const run = await p.run();
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("GS2003");
    expect(p.list("gen")).toEqual(["y/a_grpc.ts", "y/a_pb.ts"]);
  });

  test("is found from a folder below, and its paths are relative to it", async () => {
    const config = { paths: "protos", out: "gen", protoPath: "third_party", protoc: "protoc" };
    const p = project({ "package.json": "{}", "gen-stubs.config.json": JSON.stringify(config), "src/x": "" });
    const run = await runInProcess(p.path("src"), "--print-config");
    expect(JSON.parse(run.stdout)).toMatchObject({
      paths: ["../protos"],
      out: "../gen",
      protoPath: ["../third_party"],
      protoc: "protoc",
    });
    // The project ends at its package.json.
    const q = project({ "gen-stubs.config.json": "{}", "inner/package.json": "{}" });
    expect((await runInProcess(q.path("inner"))).stderr).toContain("usage: gen-stubs");
  });

  test("leaves out what exclude says, and has proto paths behind a prefix, both relative to it", async () => {
    const p = project({
      "api/gen-stubs.config.json": JSON.stringify({
        paths: "protos",
        exclude: ["*_draft.proto", "protos/old/*.proto", "./protos/old2"],
        protoPath: ["protos", "vendor/common=../shared/common"],
        out: "gen",
      }),
      "api/protos/a.proto":
        'syntax = "proto3"; package a; import "vendor/common/c.proto"; service A { rpc R(common.C) returns (common.C); }',
      "api/protos/a_draft.proto": "not a proto",
      "api/protos/old/b.proto": "not a proto",
      "api/protos/old2/b.proto": "not a proto",
      "shared/common/c.proto": 'syntax = "proto3"; package common; message C {}',
    });
    for (const cwd of ["api", "api/protos"]) {
      expect(await p.runWith({ cwd })).toMatchObject({ code: 0, stderr: "" });
      expect(p.list("api/gen")).toEqual(["a_grpc.ts", "a_pb.ts", "vendor/common/c_pb.ts"]);
    }
    // What --print-config prints says the same.
    const printed = await p.runWith({ cwd: "api/protos" }, "--print-config");
    expect(JSON.parse(printed.stdout)).toMatchObject({
      protoPath: [".", "vendor/common=../../shared/common"],
      exclude: ["*_draft.proto", "old/*.proto", "old2"],
    });
  });

  test("names files in a descriptor set as they are", async () => {
    const config = { paths: "acme/v1", descriptorSet: "all.binpb", out: "gen" };
    const p = project({ "package.json": "{}", "gen-stubs.config.json": JSON.stringify(config), "src/x": "" });
    const run = await runInProcess(p.path("src"), "--print-config");
    expect(JSON.parse(run.stdout)).toMatchObject({ paths: ["acme/v1"], descriptorSet: "../all.binpb" });
  });

  test("--config names another, --no-config none", async () => {
    const p = project({
      ...protos,
      "gen-stubs.config.json": "{}",
      "ci/x.json": '{"paths":"../protos","out":"../gen"}',
    });
    expect(await printed(p, "--config", "ci/x.json")).toMatchObject({ paths: ["protos"], out: "gen" });
    expect(await printed(p, "-c", "ci/x.json")).toMatchObject({ out: "gen" });
    expect((await runInProcess(p.folder, "--no-config")).stderr).toContain("GS1003: no paths");
    expect(await runInProcess(p.folder, "--config", "nowhere.json")).toMatchObject({
      code: 2,
      stderr: 'error GS1005: --config: "nowhere.json" does not exist\n',
    });
  });
});

describe("flags win", () => {
  const config = {
    paths: "protos",
    out: "gen",
    protoPath: ["third_party"],
    clean: true,
    includeImports: false,
    opt: { target: "js+dts", import_extension: "js" },
  };
  const p = project({ ...protos, "gen-stubs.config.json": JSON.stringify(config) });

  test.each<[args: string[], expected: Config]>([
    [[], { paths: ["protos"], protoPath: ["third_party"], clean: true, includeImports: false }],
    [["admin", "-o", "out"], { paths: ["admin"], out: "out", protoPath: ["third_party"] }],
    [["-I", "a", "-I", "b"], { protoPath: ["a", "b"] }],
    [["--include-imports"], { includeImports: true }],
    [["--no-clean"], { clean: false }],
    [["--opt", "target=ts"], { opt: ["import_extension=js", "target=ts"] }],
    [
      ["--opt", "keep_empty_files=true,target=js"],
      { opt: ["import_extension=js", "keep_empty_files=true", "target=js"] },
    ],
    [["--no-cache"], { cache: false }],
    // What a flag excludes is dropped.
    [["--check"], { clean: false }],
    [["--descriptor-set", "x.binpb"], { descriptorSet: "x.binpb", paths: [] }],
  ])("%j", async (args, expected) => {
    expect(await printed(p, ...args)).toMatchObject(expected);
  });

  test("what is printed is a config that means the same", async () => {
    const once = await printed(p, "--opt", "target=ts");
    const q = project({ "gen-stubs.config.json": JSON.stringify(once) });
    expect(await printed(q)).toEqual(once);
  });

  test("paths belong to one output", async () => {
    const q = project({ "gen-stubs.config.json": '{"outputs":[{"paths":"a","out":"x"},{"paths":"b","out":"y"}]}' });
    const run = await runInProcess(q.folder, "c", "-o", "z");
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr).toContain(
      "GS1004: paths and --out cannot be given together with the 2 outputs of gen-stubs.config.json",
    );
  });
});

describe("the command that mends drift", () => {
  const p = project({ ...protos, "gen-stubs.config.json": '{"paths":"protos","out":"gen"}' });

  test.each<[args: string[], fix: string]>([
    [["--check"], "npx gen-stubs"],
    [["--check", "--config", "gen-stubs.config.json"], "npx gen-stubs --config gen-stubs.config.json"],
    [
      ["--check", "--opt", "import_extension=ts"],
      "npx gen-stubs --no-config --out gen --opt import_extension=ts protos",
    ],
  ])("%j: %s", async (args, fix) => {
    const run = await p.run(...args, "--json");
    expect(JSON.parse(run.stdout)).toMatchObject({ exitCode: 1, fix });
  });
});

describe("a wrong config exits 2 and says why", () => {
  const wrong: readonly (readonly [config: string, ...said: string[]])[] = [
    ["[]", "gen-stubs.config.json: error GS1006: the config is a list, not an object"],
    ["{", "GS1006: it cannot be loaded: "],
    ['{"pths":"a"}', 'GS1006: pths: there is no such option (did you mean "paths"?)'],
    ['{"outputs":{}}', "GS1006: outputs: an object, not a list"],
    ['{"outputs":[]}', "GS1006: outputs: the list is empty"],
    ['{"output":[]}', 'GS1006: output: there is no such option (did you mean "outputs"?)'],
    ['{"outputs":[3]}', "GS1006: outputs[0]: number 3, not an object"],
    ['{"outputs":[{"outt":"a"}]}', 'GS1006: outputs[0].outt: there is no such option (did you mean "out"?)'],
    ['{"paths":[1]}', "GS1006: paths: a list, not a text or a list of texts"],
    ['{"out":""}', "GS1006: out: an empty text, not a text"],
    ['{"clean":"yes"}', 'GS1006: clean: string "yes", not true or false'],
    ['{"opt":"target=js"}', 'GS1006: opt: string "target=js", not options such as { target: "js" }'],
    ['{"check":true}', "GS1006: check: there is no such option"],
    ['{"paths":"a","out":"b","messages":"es2"}', '--messages: no generator "es2"'],
    ['{"paths":"a"}', "GS1003: --out is missing"],
  ];
  test.each(wrong.map(([config, ...said]) => ({ config, said })))("$config", async ({ config, said }) => {
    const p = project({ "gen-stubs.config.json": config });
    const run = await runInProcess(p.folder);
    expect(run).toMatchObject({ code: 2, stdout: "" });
    for (const text of said) expect(run.stderr).toContain(text);
    expect(run.stderr).not.toMatch(/\n\s+at /);
  });

  test.each([
    ["{\n  // why\n}", "gen-stubs.config.json:2:3: error GS1006: it cannot be loaded: JSON has no comments\n"],
    ["// why\n{}\n", "gen-stubs.config.json:1:1: error GS1006: it cannot be loaded: JSON has no comments\n"],
    [
      '{\n  "paths": /* why */ "a"\n}',
      "gen-stubs.config.json:2:12: error GS1006: it cannot be loaded: JSON has no comments\n",
    ],
    ["{\n  paths: 'a'\n}", "gen-stubs.config.json:2:3: error GS1006: it cannot be loaded: "],
    ['{\n  "clean": yes\n}', "gen-stubs.config.json:2:12: error GS1006: it cannot be loaded: Unexpected token 'y'\n"],
    ['{\r\n  "paths": "a",\r\n}\r\n', "gen-stubs.config.json:3:1: error GS1006: it cannot be loaded: "],
    ['{\n  "paths": "a"', "gen-stubs.config.json:2:15: error GS1006: it cannot be loaded: "],
    ["", "gen-stubs.config.json: error GS1006: it is empty\n"],
    ["\uFEFF \n", "gen-stubs.config.json: error GS1006: it is empty\n"],
    ['\uFEFF{\n\t"pths": "a"\n}', "gen-stubs.config.json:2:9: error GS1006: pths: there is no such option"],
    [
      '{\n  "out": "g", "outputs": [\n    { "outt": "a" }, 3]}',
      "gen-stubs.config.json:3:7: error GS1006: outputs[0].outt: ",
    ],
    [
      '{\n  "out": "g", "outputs": [\n    { "out": "a" }, 3]}',
      "gen-stubs.config.json:3:21: error GS1006: outputs[1]: ",
    ],
  ])("at its place: %j", async (config, said) => {
    const p = project({ "gen-stubs.config.json": config });
    const run = await runInProcess(p.folder);
    expect(run.code).toBe(2);
    expect(run.stderr.startsWith(said), run.stderr).toBe(true);
  });

  test("in package.json, at its place there", async () => {
    const p = project({ "package.json": '{\n  "name": "a",\n  "gen-stubs": {\n    "outt": "gen"\n  }\n}\n' });
    expect((await runInProcess(p.folder)).stderr).toContain(
      "package.json:4:5: error GS1006: outt: there is no such option",
    );
  });

  test.each([
    ['import { defineConfig } from "gen-stubs/config";\n\nexport default defineConfig({\n  pths: "a",\n});\n', ":4:3"],
    ['export default {\n  // pths: "b",\n  outputs: [{ out: "a" },\n    { "pths": "a" }],\n};\n', ":4:7"],
    ['const pths = "pths: no";\nexport default { pths };\n', ""],
    ['const shared = { pths: "a" };\nexport default { outputs: [{ pths: "b" }, shared] };\n', ""],
    ['export default { outputs: [{ out: "a" }, 3] };\n', ""],
  ])("a TypeScript file, at its place where the text has the key once: %j", async (config, place) => {
    const p = project({ "gen-stubs.config.ts": config });
    const run = await p.run();
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`gen-stubs.config.ts${place}: error GS1006: `);
  });

  test("a TypeScript file that throws, or does not parse", async () => {
    const p = project({ "gen-stubs.config.ts": 'throw new Error("no such luck");\n' });
    expect((await p.run()).stderr).toContain("gen-stubs.config.ts: error GS1006: it cannot be loaded: no such luck");
    p.write("gen-stubs.config.ts", "export default {{;\n");
    expect(await p.run()).toMatchObject({ code: 2, stderr: expect.stringContaining("GS1006: it cannot be loaded: ") });
  });

  test("two of them", async () => {
    const p = project({ "gen-stubs.config.json": "{}", "package.json": '{"gen-stubs":{}}' });
    expect((await runInProcess(p.folder)).stderr).toBe(
      "error GS1006: there are two configs: gen-stubs.config.json and package.json\n  → keep one of them, or choose with --config\n",
    );
  });
});
