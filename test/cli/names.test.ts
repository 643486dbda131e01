import { mkdirSync, symlinkSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { echoProto, project } from "./support/project.js";

describe("hostile names of files and folders", () => {
  test("dashes, spaces, dots, unicode, quotes and shell characters", async () => {
    const names = [
      "-x.proto",
      "--help.proto",
      "@args.proto",
      "a b.proto",
      "ü–é.proto",
      "a.b.c.proto",
      "$(touch pwned).proto",
      "; touch pwned.proto",
      "it's.proto",
      'say "hi".proto',
      "-I=x/--plugin=y.proto",
      "constructor.proto",
      "__proto__.proto",
    ];
    const files = names.map((name, index) => [`in put/${name}`, echoProto(`p${index}`)] as const);
    const p = project(Object.fromEntries(files));
    const run = await p.run("in put", "-o", "ge n");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    const expected = names.flatMap((name) => ["_grpc.ts", "_pb.ts"].map((end) => name.replace(/\.proto$/, end)));
    expect(p.list("ge n")).toEqual(expected.sort());
    expect(p.has("pwned") || p.has("pwned.proto")).toBe(false);
    expect((await p.run("in put", "-o", "ge n", "--check")).code).toBe(0);
  });

  test("a file called like a flag is given behind --", async () => {
    const p = project({ "-x.proto": echoProto("x"), "-I/y.proto": echoProto("y") });
    expect((await p.run("-o", "gen", "--", "-x.proto", "-I")).code).toBe(0);
    expect(p.list("gen")).toEqual(["-x_grpc.ts", "-x_pb.ts", "y_grpc.ts", "y_pb.ts"]);
    expect((await p.run("-o", "gen", "-x.proto")).code).toBe(2);
    const fix = await p.run("-o", "other", "--check", "--", "-x.proto");
    expect(fix.stdout).toContain("npx gen-stubs --out other -- -x.proto\n");
  });

  test("folders called like protoc's own syntax", async () => {
    const p = project({ "a=b/x.proto": echoProto("x"), "@c/y.proto": echoProto("y"), "-d/z.proto": echoProto("z") });
    expect((await p.run("a=b", "@c", "./-d", "-o", "gen")).code).toBe(0);
    expect(p.list("gen")).toEqual(["x_grpc.ts", "x_pb.ts", "y_grpc.ts", "y_pb.ts", "z_grpc.ts", "z_pb.ts"]);
    expect((await p.run("-I=-d", "-I", "a=b", "a=b", "-o", "gen2")).code).toBe(0);
  });

  test.skipIf(process.platform === "win32")("what protoc cannot take is said, not misread", async () => {
    const p = project({
      "co:lon/x.proto": echoProto("x"),
      "b/back\\slash.proto": echoProto("b"),
      "c/line\nbreak.proto": echoProto("c"),
    });
    for (const [folder, said] of [
      ["co:lon", 'co:lon: error GS2006: protoc cannot take a folder with ":" in its path'],
      ["b", "GS2006: protoc cannot take a file name with a backslash"],
      ["c", "GS2006: protoc cannot take a path with a line break in it"],
    ] as const) {
      const run = await p.run(folder, "-o", "gen");
      expect(run.code).toBe(1);
      expect(run.stderr).toContain(said);
    }
  });

  test("a .proto folder of the same name as an output, and links to .proto files", async () => {
    const p = project({ "real/x.proto": echoProto("x") });
    mkdirSync(p.path("protos"));
    symlinkSync("../real/x.proto", p.path("protos/linked.proto"));
    symlinkSync("nowhere.proto", p.path("protos/dangling.proto"));
    symlinkSync("..", p.path("protos/loop"));
    mkdirSync(p.path("protos/folder.proto"));
    expect((await p.run("protos", "-o", "gen")).code).toBe(0);
    expect(p.list("gen")).toEqual(["linked_grpc.ts", "linked_pb.ts"]);
  });

  test("a file in the current folder that has an import's name is not mixed up", async () => {
    const p = project({
      "x.proto": "this is not a proto",
      "protos/x.proto": echoProto("x"),
      "protos/y.proto": 'syntax = "proto3"; package y; import "x.proto"; message Y { x.Ping p = 1; }',
    });
    expect((await p.run("protos", "-o", "gen")).code).toBe(0);
    expect(p.list("gen")).toEqual(["x_grpc.ts", "x_pb.ts", "y_pb.ts"]);
  });

  test("names that differ by case only are refused", async () => {
    const p = project({ "protos/a.proto": echoProto("a"), "protos/A.proto": echoProto("b") });
    const run = await p.run("protos", "-o", "gen");
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/GS5005|clashing-output-path|GS3001/);
    expect(p.has("gen")).toBe(false);
  });
});
