import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { runBytes } from "../../src/plugin/run.js";
import { GenStubsError, generate, request, runPlugin } from "../../src/testing/index.js";

const text = 'syntax = "proto3";\npackage a;\nservice S {\n  rpc R(M) returns (stream M);\n}\nmessage M {}\n';

describe("generate()", () => {
  test("gives messages and stubs by name", async () => {
    const files = await generate(text);
    expect(Object.keys(files)).toEqual(["test_grpc.ts", "test_pb.ts"]);
    expect(files["test_grpc.ts"]).toContain('from "./test_pb.js";');
  });

  test("gives what the golden cases expect", async () => {
    const read = (name: string) => readFileSync(join("fixtures/route-guide", name), "utf8");
    const protos = { "route_guide.proto": read("input/route_guide.proto") };
    expect(await generate(protos, { files: "stubs" })).toEqual({
      "route_guide_grpc.ts": read("expected/route_guide_grpc.ts"),
    });
    expect((await generate(protos, { messages: "ts_proto", files: "stubs" }))["route_guide_grpc.ts"]).toBe(
      read("expected-ts-proto/route_guide_grpc.ts"),
    );
  });

  test("takes several files, and options", async () => {
    const files = await generate(
      {
        "x/a.proto": text,
        "b.proto": 'syntax = "proto3";\nimport "x/a.proto";\nservice T {\n  rpc R(a.M) returns (a.M);\n}\n',
      },
      { opt: { target: "js+dts", client: false }, messagesOpt: { json_types: true } },
    );
    expect(Object.keys(files)).toHaveLength(8);
    expect(files["b_grpc.js"]).toContain('from "./x/a_pb.js"');
    expect(files["b_grpc.js"]).not.toContain("TClient");
    expect(files["x/a_pb.d.ts"]).toContain("MJson");
  });

  test("throws what the command would say, as data", async () => {
    const faults = async (...args: Parameters<typeof generate>) => {
      const error = await generate(...args).catch((reason: unknown) => reason);
      return error instanceof GenStubsError ? error.faults : [];
    };
    expect(await faults("syntax = 1;")).toMatchObject([{ code: "GS2003", file: "test.proto", line: 1 }]);
    expect(await faults(text, { opt: { client: "maybe" } })).toMatchObject([{ code: "GS1002" }]);
    expect(await faults(text.replaceAll("M", "any"))).toMatchObject([
      { code: "GS3001", file: "test.proto", line: 4, column: 3 },
    ]);
    await expect(generate({ "../evil.proto": text })).rejects.toThrow("is no import name");
  });
});

describe("for authors of plugins", () => {
  test("request() is what protoc hands to a plugin", async () => {
    const message = fromBinary(CodeGeneratorRequestSchema, await request(text, "a=b"));
    expect(message).toMatchObject({ fileToGenerate: ["test.proto"], parameter: "a=b" });
    expect(message.protoFile.map(({ name }) => name)).toEqual(["test.proto"]);
  });

  test("runPlugin() runs functions and programs", async () => {
    const own = await runPlugin(text, runBytes, "import_extension=js");
    expect(own).toEqual(await generate(text, { files: "stubs" }));
    expect(await runPlugin(text, "bin/protoc-gen-stubs.js", "import_extension=js")).toEqual(own);
    expect(Object.keys(await runPlugin(text, "node_modules/.bin/protoc-gen-es", "target=ts"))).toEqual(["test_pb.ts"]);
    await expect(runPlugin(text, runBytes, "nonsense")).rejects.toThrow('GS4002 unknown option "nonsense"');
    await expect(runPlugin("syntax = 1;", runBytes)).rejects.toThrow("test.proto:1:10: GS2003 ");
  });
});
