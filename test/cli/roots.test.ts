import { describe, expect, test } from "vitest";
import { project } from "./support/project.js";

const files = {
  "api/proto/acme/v1/a.proto":
    'syntax = "proto3"; package acme.v1; import "acme/v1/b.proto"; import "other/o.proto"; service S { rpc A(B) returns (O); }',
  "api/proto/acme/v1/b.proto": 'syntax = "proto3"; package acme.v1; message B {}',
  "api/proto/other/o.proto": 'syntax = "proto3"; package acme.v1; message O {}',
};
const all = ["acme/v1/a_grpc.ts", "acme/v1/a_pb.ts", "acme/v1/b_pb.ts", "other/o_pb.ts"];

describe("without -I", () => {
  test.each([
    [["."]],
    [["api"]],
    [["api/proto"]],
    [["api/proto/acme"]],
    [["api/proto/acme/v1"]],
    [["api/proto/acme/v1/a.proto"]],
    [["api/proto/acme", "api/proto/other"]],
    [["api/proto/other", "api/proto/acme/v1/b.proto", "api/proto/acme/v1/a.proto"]],
  ])("the root that imports are relative to is found from %j", async (paths) => {
    const p = project(files);
    expect(await p.run(...paths, "-o", "gen")).toMatchObject({ code: 0, stderr: "" });
    expect(p.list("gen")).toEqual(all);
  });

  test("from inside a folder, with .. in the paths", async () => {
    const p = project(files);
    expect((await p.runWith({ cwd: "api/proto/acme" }, "../acme/v1", "-o", "../../../gen")).code).toBe(0);
    expect(p.list("gen")).toEqual(all);
  });

  test("the folder given is the root where nothing says otherwise", async () => {
    const p = project({ "x/y/z.proto": 'syntax = "proto3"; package other; message Z {}' });
    await p.run("x", "-o", "gen");
    expect(p.list("gen")).toEqual(["y/z_pb.ts"]);
  });

  test("a file given by itself is named by its package", async () => {
    const p = project(files);
    await p.run("api/proto/acme/v1/b.proto", "-o", "gen");
    expect(p.list("gen")).toEqual(["acme/v1/b_pb.ts"]);
  });

  test("several trees with roots of their own", async () => {
    const p = project({
      "a/proto/a/x.proto": 'syntax = "proto3"; package a; import "a/y.proto"; message X { Y y = 1; }',
      "a/proto/a/y.proto": 'syntax = "proto3"; package a; message Y {}',
      "b/proto/b/x.proto": 'syntax = "proto3"; package b; import "b/y.proto"; message X { Y y = 1; }',
      "b/proto/b/y.proto": 'syntax = "proto3"; package b; message Y {}',
    });
    expect((await p.run(".", "-o", "gen")).code).toBe(0);
    expect(p.list("gen")).toEqual(["a/x_pb.ts", "a/y_pb.ts", "b/x_pb.ts", "b/y_pb.ts"]);
  });

  test("imports in comments and strings do not count", async () => {
    const p = project({
      "p/q/a.proto":
        'syntax = "proto3";\n// import "q/b.proto";\n/* import "q/b.proto"; */\npackage r;\nmessage A { string s = 1 [json_name = "import \\"q/b.proto\\";"]; }',
      "p/q/b.proto": 'syntax = "proto3"; package r; message B {}',
    });
    expect((await p.run("p/q", "-o", "gen")).code).toBe(0);
    expect(p.list("gen")).toEqual(["a_pb.ts", "b_pb.ts"]);
  });
});

describe("with -I", () => {
  test("names are relative to the first that holds the file", async () => {
    const p = project(files);
    expect((await p.run("-I", "api/proto", "api", "-o", "gen")).code).toBe(0);
    expect(p.list("gen")).toEqual(all);
    const bad = await p.run("-I", "api", "api", "-o", "gen2");
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain("→ write -I api/proto in place of -I api\n");
  });

  test("files below none of them get their root from their imports", async () => {
    const p = project({ ...files, "vendor/v/v.proto": 'syntax = "proto3"; package v; message V {}' });
    p.write(
      "api/proto/acme/v1/b.proto",
      'syntax = "proto3"; package acme.v1; import "v/v.proto"; message B { v.V v = 1; }',
    );
    expect(await p.run("-I", "vendor", "api/proto/acme/v1", "-o", "gen")).toMatchObject({ code: 0, stderr: "" });
    expect(p.list("gen")).toEqual([...all, "v/v_pb.ts"]);
  });

  test("a file that an earlier one hides is an error", async () => {
    const p = project({ "a/x.proto": 'syntax = "proto3";', "b/x.proto": 'syntax = "proto3";' });
    const run = await p.run("-I", "a", "-I", "b", "b", "-o", "gen");
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('b/x.proto: error GS2005: it has the same import name, "x.proto", as a/x.proto');
  });

  test("a proto path that does not exist is named", async () => {
    const p = project(files);
    const run = await p.run("-I", "api/proto", "-I", "nowhere", "api", "-o", "gen");
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('GS1005: --proto-path: "nowhere" does not exist');
  });
});
