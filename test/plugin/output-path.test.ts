import { describe, expect, test } from "vitest";
import { OutputPaths } from "../../src/plugin/output-path.js";
import { run } from "../../src/plugin/run.js";
import { compile, request } from "./request.js";

describe("a path that leaves the output folder, on whatever system, is refused", () => {
  test.for([
    ["../a_grpc.ts", "has a folder"],
    ["a/../../b_grpc.ts", "has a folder"],
    ["./a_grpc.ts", "has a folder"],
    ["a//b_grpc.ts", "has a folder"],
    ["/etc/a_grpc.ts", "is absolute"],
    ["C:/a_grpc.ts", "has a colon"],
    ["a:stream_grpc.ts", "has a colon"],
    ["a\\..\\..\\b_grpc.ts", "has a backslash"],
    ["\\\\server\\share_grpc.ts", "has a backslash"],
    ["a\0b_grpc.ts", "has control characters"],
    ["a\nb_grpc.ts", "has control characters"],
  ] as const)("%j", ([path, why]) => {
    expect(() => new OutputPaths().claim(path, "a.proto")).toThrow(why);
  });

  test("by the plugin, which names the file", () => {
    const [file] = compile({ "a.proto": 'syntax = "proto3";\nservice S { rpc R(M) returns (M); }\nmessage M {}\n' });
    file!.name = "../../home/a.proto";
    const response = run(request([file!]));
    expect(response.error).toContain('would be generated to "../../home/a_grpc.ts"');
    expect(response.error).toContain("[unsafe-output-path]");
    expect(response.file).toEqual([]);
  });
});

test("two files with one path, or with paths that are one where case makes no difference, are refused", () => {
  const paths = new OutputPaths();
  paths.claim("a/b_grpc.ts", "a/b.proto");
  expect(() => paths.claim("a/b_grpc.ts", "a/b")).toThrow('so would "a/b.proto"');
  expect(() => paths.claim("A/B_grpc.ts", "A/B.proto")).toThrow('so would "a/b.proto"');
});

test("names with dashes, dots, spaces and other alphabets are fine", () => {
  const paths = new OutputPaths();
  for (const path of ["a-b.c d_grpc.ts", "..a/b.._grpc.ts", "文/ü_grpc.ts"]) expect(paths.claim(path, path)).toBe(path);
});
