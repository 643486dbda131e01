import { describe, expect, test } from "vitest";
import { echoProto, project } from "./support/project.js";

describe("--json prints one object on stdout and nothing else", () => {
  test("for a run", async () => {
    const p = project({ "protos/a.proto": echoProto("a"), "package.json": '{"type":"module"}' });
    const run = await p.run("protos", "-o", "gen", "--json");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(run.stdout)).toMatchObject({
      ok: true,
      exitCode: 0,
      mode: "write",
      out: "gen",
      protoFiles: 1,
      outputs: 2,
      missing: ["a_grpc.ts", "a_pb.ts"],
      stale: [],
      unchanged: 0,
      orphaned: [],
      counts: { services: 1, unary: 1, serverStreaming: 1, clientStreaming: 1, bidiStreaming: 1 },
      compiler: expect.stringMatching(/^protoc \d+\.\d+/),
      importExtension: "js",
      durationMs: expect.any(Number),
      install: expect.stringContaining("npm install "),
      errors: [],
    });
    const again = JSON.parse((await p.run("protos", "-o", "gen", "--json")).stdout);
    expect(again).toMatchObject({ missing: [], stale: [], unchanged: 2 });
  });

  test("for a schema that works only in part, with the stub generator's warnings", async () => {
    const rpcs = "rpc Get(M) returns (M); rpc get(M) returns (M);";
    const p = project({ "a.proto": `syntax = "proto3";\nservice S { ${rpcs} }\nmessage M {}\n` });
    const run = await p.run("a.proto", "-o", "gen", "--json");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(run.stdout).warnings).toEqual([expect.stringContaining('calls two rpcs of S "get"')]);
  });

  test("for proto errors, with places", async () => {
    const p = project({ "a.proto": 'syntax = "proto3";\nmessage M { Foo f = 1; Bar b = 2; }\n' });
    const run = await p.run("a.proto", "-o", "gen", "--json");
    expect(run).toMatchObject({ code: 1, stderr: "" });
    expect(JSON.parse(run.stdout)).toMatchObject({
      ok: false,
      exitCode: 1,
      errors: [
        { code: "GS2003", message: '"Foo" is not defined.', file: "a.proto", line: 2, column: 13, hint: null },
        { code: "GS2003", message: '"Bar" is not defined.', file: "a.proto", line: 2, column: 24, hint: null },
      ],
    });
  });

  test("for wrong usage, with the same keys", async () => {
    const p = project({ "a.proto": echoProto("a") });
    const wrong = await p.run("--json", "a.proto", "--nope");
    expect(wrong).toMatchObject({ code: 2, stderr: "" });
    const right = await p.run("a.proto", "-o", "gen", "--json");
    expect(JSON.parse(wrong.stdout)).toMatchObject({ ok: false, exitCode: 2, errors: [{ code: "GS1001" }] });
    expect(Object.keys(JSON.parse(wrong.stdout))).toEqual(Object.keys(JSON.parse(right.stdout)));
  });
});
