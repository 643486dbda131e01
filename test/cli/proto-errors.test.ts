import { describe, expect, test } from "vitest";
import { echoProto, project } from "./support/project.js";

describe("errors in .proto files", () => {
  test("show file, line, column, the source line and a caret; nothing is written", async () => {
    const p = project({
      "protos/good.proto": echoProto("good"),
      "protos/sub/bad.proto": 'syntax = "proto3";\nmessage M {\n  Foo foo = 1;\n}\n',
    });
    const run = await p.run("protos", "-o", "gen");
    expect(run).toMatchObject({ code: 1, stdout: "" });
    expect(run.stderr).toBe(
      'protos/sub/bad.proto:3:3: error GS2003: "Foo" is not defined.\n  3 |   Foo foo = 1;\n    |   ^\n',
    );
    expect(p.has("gen")).toBe(false);
  });

  test("leave what was generated before as it is", async () => {
    const p = project({ "protos/a.proto": echoProto("a") });
    await p.run("protos", "-o", "gen");
    const before = p.read("gen/a_pb.ts");
    p.write("protos/a.proto", "syntax = nonsense");
    expect((await p.run("protos", "-o", "gen", "--clean")).code).toBe(1);
    expect(p.list("gen")).toEqual(["a_grpc.ts", "a_pb.ts"]);
    expect(p.read("gen/a_pb.ts")).toBe(before);
  });

  test("put the caret right behind tabs and letters beyond ASCII", async () => {
    const p = project({
      "a.proto": 'syntax = "proto3";\n\t/* ü */\tmessage M { string a = 1; int32 x = 1; }\n',
    });
    const { stderr } = await p.run("a.proto", "-o", "gen");
    const [, source, caret] = stderr.split("\n");
    expect(source?.[caret?.indexOf("^") ?? 0]).toBe("1");
    expect(source?.slice(0, caret?.indexOf("^"))).toMatch(/int32 x = $/);
  });

  test("a missing import names the -I that would help", async () => {
    const p = project({
      "protos/a.proto": 'syntax = "proto3";\nimport "common/b.proto";\nmessage A { common.B b = 1; }\n',
      "third party/common/b.proto": 'syntax = "proto3"; package common; message B {}',
    });
    const run = await p.run("protos", "-o", "gen");
    expect(run.code).toBe(1);
    expect(run.stderr).toBe(
      'protos/a.proto:2:1: error GS2004: import "common/b.proto" was not found\n' +
        '  2 | import "common/b.proto";\n    | ^\n  → add -I "third party"\n',
    );
    expect((await p.run("protos", "-o", "gen", "-I", "third party")).code).toBe(0);
    expect(p.list("gen")).toEqual(["a_pb.ts", "common/b_pb.ts"]);
  });

  test("a missing import of another folder layout names the file that may be meant", async () => {
    const p = project({
      "protos/a.proto": 'syntax = "proto3";\nimport "wrong/place/b.proto";\n',
      "other/b.proto": 'syntax = "proto3";',
    });
    const { stderr } = await p.run("protos", "-o", "gen");
    expect(stderr).toContain("did you mean other/b.proto?");
  });

  test.each([
    ["google/api/annotations.proto", "npm install -D google-gax, then add -I node_modules/google-gax/build/protos"],
    ["google/rpc/status.proto", "google-gax"],
    ["google/type/date.proto", "google-gax"],
    ["google/pubsub/v1/pubsub.proto", "google-proto-files"],
    ["envoy/config/core/v3/base.proto", "-I node_modules/@grpc/grpc-js-xds/deps/envoy-api"],
    ["validate/validate.proto", "-I node_modules/@grpc/grpc-js-xds/deps/protoc-gen-validate"],
    ["grpc/health/v1/health.proto", '"grpc-health-check" has it as proto/health/v1/health.proto'],
    ["grpc/reflection/v1/reflection.proto", "-I node_modules/@grpc/reflection/build/proto"],
    ["buf/validate/validate.proto", "buf export buf.build/bufbuild/protovalidate"],
    ["opentelemetry/proto/trace/v1/trace.proto", "buf export buf.build/opentelemetry/opentelemetry"],
  ])("a missing %s says where it comes from", async (name, said) => {
    const p = project({ "a.proto": `syntax = "proto3";\nimport "${name}";\n` });
    const { code, stderr } = await p.run("a.proto", "-o", "gen");
    expect(code).toBe(1);
    expect(stderr).toContain(said);
  });

  test("a well-known import that is installed names its -I", async () => {
    const p = project({
      "protos/a.proto": 'syntax = "proto3";\nimport "google/api/http.proto";\n',
      "node_modules/google-gax/build/protos/google/api/http.proto": 'syntax = "proto3"; package google.api;',
    });
    const run = await p.run("protos", "-o", "gen");
    expect(run.stderr).toContain("→ add -I node_modules/google-gax/build/protos\n");
    const mended = await p.run("-I", "node_modules/google-gax/build/protos", "protos", "-o", "gen");
    expect(mended.code).toBe(0);
  });

  test("an import whose file is broken is not called missing", async () => {
    const p = project({
      "protos/a.proto": 'syntax = "proto3";\nimport "b.proto";\nmessage A { B b = 1; }\n',
      "protos/b.proto": 'syntax = "proto3";\nmessage B {\n',
    });
    const { stderr } = await p.run("protos", "-o", "gen");
    expect(stderr).toContain("protos/b.proto:");
    expect(stderr).not.toContain("GS2004");
    expect(stderr).not.toContain('"B" is not defined');
  });

  test("folders without .proto files are an error, not an empty success", async () => {
    const p = project({ "protos/readme.md": "" });
    expect(await p.run("protos", "-o", "gen")).toMatchObject({
      code: 1,
      stderr: "error GS2001: no .proto file in protos\n",
    });
  });

  test("two files of one import name are an error", async () => {
    const p = project({ "a/x.proto": echoProto("pa"), "b/x.proto": echoProto("pb") });
    const run = await p.run("a", "b", "-o", "gen");
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('b/x.proto: error GS2005: it has the same import name, "x.proto", as a/x.proto');
  });

  test("a broken or incomplete descriptor set says so", async () => {
    const p = project({
      "broken.binpb": "\u0007not a set",
      "empty.binpb": "",
      "protos/a.proto": 'syntax = "proto3"; import "b.proto"; message A {}',
      "protos/b.proto": 'syntax = "proto3";',
    });
    const { execFileSync } = await import("node:child_process");
    const { createRequire } = await import("node:module");
    const shim = createRequire(import.meta.url).resolve("protoc/protoc.cjs");
    execFileSync(process.execPath, [shim, "-Iprotos", "-opart.binpb", "a.proto"], { cwd: p.folder, stdio: "pipe" });
    for (const [name, said] of [
      ["broken.binpb", "not a FileDescriptorSet in protobuf's binary form"],
      ["empty.binpb", "the descriptor set is empty"],
      ["part.binpb", 'the descriptor set lacks "b.proto", which a.proto imports'],
    ] as const) {
      const run = await p.run("--descriptor-set", name, "-o", "gen");
      expect(run.code).toBe(1);
      expect(run.stderr).toContain(`${name}: error GS2007: ${said}`);
    }
  });

  test("what the message generator refuses is told in its words", async () => {
    const p = project({ "a.proto": echoProto("a") });
    const run = await p.run("a.proto", "-o", "gen", "--messages-opt", "no_such_option=1");
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("GS4002: protoc-gen-es:");
    expect(run.stderr).toContain("no_such_option");
    expect(p.has("gen")).toBe(false);
  });
});
