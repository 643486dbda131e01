import { mkdirSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { editPackage } from "../../src/cli/init/edit-package.js";
import { echoProto, project, runInProcess } from "./support/project.js";

describe("gen-stubs init", () => {
  test("in an empty project makes all that is needed, and gen-stubs alone generates then", async () => {
    const p = project({ "package.json": '{\n  "name": "x",\n  "type": "module"\n}\n' });
    const run = await p.run("init");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toBe(`  created protos/greeter.proto  an example, with all four kinds of call
  created gen-stubs.config.mjs  from protos to gen
  changed package.json          the script "generate": gen-stubs
  created .gitattributes        gen/** linguist-generated=true

Next:
  npm install --save-dev gen-stubs && npm install gen-stubs-runtime @bufbuild/protobuf@2
  npm run generate
`);
    expect(p.list(".")).toEqual([".gitattributes", "gen-stubs.config.mjs", "package.json", "protos/greeter.proto"]);
    expect(await p.run()).toMatchObject({ code: 0 });
    expect(p.list("gen")).toEqual(["greeter_grpc.ts", "greeter_pb.ts"]);
    // A second time, everything is there.
    const before = p.list(".").map((name) => p.read(name));
    const again = await p.run("init");
    expect(again.stdout).not.toMatch(/created|changed/);
    expect(p.list(".").map((name) => p.read(name))).toEqual(before);
  });

  test("takes the .proto files there are, src, and TypeScript", async () => {
    const p = project({
      "package.json": '{ "devDependencies": { "gen-stubs": "1" }, "dependencies": { "gen-stubs-runtime": "1" } }',
      "pnpm-lock.yaml": "",
      "tsconfig.json": "{}",
      "src/main.ts": "",
      "api/proto/acme/v1/a.proto": echoProto("acme.v1"),
    });
    const run = await p.run("init");
    expect(run.stdout).toContain("created gen-stubs.config.ts  from api/proto to src/gen");
    expect(run.stdout).toContain("Next:\n  pnpm add @bufbuild/protobuf@2\n  npm run generate\n");
    expect((await p.run()).code).toBe(0);
    expect(p.list("src/gen")).toEqual(["acme/v1/a_grpc.ts", "acme/v1/a_pb.ts"]);
  });

  test("keeps what is there: a config, a script, lines of .gitattributes", async () => {
    const p = project({
      "package.json": '{ "scripts": { "generate": "make" } }',
      "gen-stubs.config.json": '{ "paths": "protos", "out": "lib" }',
      ".gitattributes": "* text=auto",
      "protos/a.proto": echoProto("a"),
    });
    const run = await p.run("init", "--out", "lib");
    expect(run.stdout).toMatch(/kept gen-stubs\.config\.json .*\n.*kept package\.json .*\n.*changed \.gitattributes/);
    expect(run.stdout).toMatch(/\n {2}npx gen-stubs\n$/);
    expect(p.read("package.json")).toBe('{ "scripts": { "generate": "make" } }');
    expect(p.read(".gitattributes")).toBe("* text=auto\nlib/** linguist-generated=true\n");
  });

  test("takes folders from the command line, and works from a folder below", async () => {
    const p = project({ "package.json": "{}", "idl/a.proto": echoProto("a"), "sub/x": "" });
    const run = await runInProcess(p.path("sub"), "init", "../idl", "--out", "../out");
    expect(run.stdout).toContain("created gen-stubs.config.mjs  from idl to out");
    expect(await runInProcess(p.folder, "init", "nowhere")).toMatchObject({ code: 2 });
  });

  test("--dry-run does nothing", async () => {
    const p = project({ "package.json": "{}" });
    const run = await runInProcess(p.folder, "init", "--dry-run");
    expect(run.stdout).toContain("would create gen-stubs.config.mjs");
    expect(p.list(".")).toEqual(["package.json"]);
  });

  test("needs a package.json, and says so", async () => {
    const p = project({});
    const run = await runInProcess(p.folder, "init");
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr).toContain("→ npm init -y makes one");
  });
});

test.each([
  ["tabs", '{\n\t"name": "x"\n}\n', '{\n\t"name": "x",\n\t"scripts": {\n\t\t"generate": "gen-stubs"\n\t}\n}\n'],
  ["CRLF", '{\r\n  "a": 1\r\n}\r\n', '{\r\n  "a": 1,\r\n  "scripts": {\r\n    "generate": "gen-stubs"\r\n  }\r\n}\r\n'],
  [
    "scripts in place",
    '{\n  "scripts": {\n    "b": "c"\n  },\n  "z": 1\n}',
    '{\n  "scripts": {\n    "b": "c",\n    "generate": "gen-stubs"\n  },\n  "z": 1\n}',
  ],
])("package.json keeps its ways: %s", (_name, text, expected) => {
  expect(editPackage(text).text).toBe(expected);
});

describe("gen-stubs doctor", () => {
  test("says what is used and what would come of it, and exits 1 where something lacks", async () => {
    const p = project({
      "package.json": '{ "type": "module" }',
      "gen-stubs.config.json": '{ "paths": "protos", "out": "gen" }',
      "protos/a.proto": echoProto("a"),
    });
    const run = await p.run("doctor");
    expect(run).toMatchObject({ code: 1, stderr: "" });
    for (const row of [
      /ok gen-stubs +\d+\.\d+\.\d+\n/,
      /ok Node +\d+\.\d+\.\d+ \(/,
      /ok protoc +\d+\.\d+, from the npm package protoc: /,
      /ok messages +es: @bufbuild\/protoc-gen-es \d+\.\d+\.\d+\n/,
      /!! gen-stubs-runtime +not installed\n/,
      /!! lacking +npm install gen-stubs-runtime /,
      /Config\n {2}ok file +gen-stubs\.config\.json\n/,
      /Output gen\n {2}ok from +1 proto file, compiled by protoc /,
      /ok root +protos, the folder given: 1 file named from there, such as a\.proto\n/,
      /ok to +2 files with 1 service, 4 methods/,
      /ok imports +end in \.js \(package\.json: type module\)\n/,
      /-- state +2 to write\n/,
    ]) {
      expect(run.stdout).toMatch(row);
    }
    expect(p.has("gen")).toBe(false);
    const json = JSON.parse((await p.run("doctor", "--json")).stdout);
    expect(json).toMatchObject({
      ok: false,
      sections: expect.arrayContaining([{ title: "Config", rows: expect.anything() }]),
    });
  });

  test("exits 0 where all is well, for arguments too", async () => {
    const p = project({ "package.json": "{}", "idl/acme/v1/a.proto": echoProto("acme.v1") });
    const root = fileURLToPath(new URL("../../", import.meta.url));
    mkdirSync(p.path("node_modules"));
    for (const name of ["gen-stubs-runtime", "@bufbuild", "@grpc"])
      symlinkSync(`${root}/node_modules/${name}`, p.path(`node_modules/${name}`));
    const run = await p.run("doctor", "idl/acme/v1/a.proto", "-o", "gen", "--opt", "import_extension=ts");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toMatch(
      /root +idl, found from the files' imports and packages: 1 file named from there, such as acme\/v1\/a\.proto/,
    );
    expect(run.stdout).toMatch(/imports +end in \.ts \(as given\)/);
    expect(run.stdout).toMatch(/-- file +none\n/);
  });

  test("tells what is wrong with the config, and with the files", async () => {
    const p = project({ "package.json": "{}", "gen-stubs.config.json": '{ "pths": 1 }' });
    expect((await p.run("doctor")).stdout).toMatch(
      /!! GS1006 +gen-stubs\.config\.json: pths: there is no such option \(did you mean "paths"\?\)\n/,
    );
    p.write("gen-stubs.config.json", '{ "paths": "a.proto", "out": "gen" }');
    p.write("a.proto", "syntax = 1;");
    expect((await p.run("doctor")).stdout).toMatch(/Output gen\n {2}!! GS2003 +a\.proto: /);
  });
});
