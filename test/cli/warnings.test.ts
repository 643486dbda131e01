import { expect, test } from "vitest";
import { project } from "./support/project.js";

test("protoc's warnings are passed on, with the user's paths, and do not flood", async () => {
  const unused = (i: number) => `syntax = "proto3"; package p${i}; import "google/protobuf/empty.proto"; message M {}`;
  const p = project(Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`protos/f${i}.proto`, unused(i)])));
  const run = await p.run("protos", "-o", "gen");
  expect(run.code).toBe(0);
  expect(run.stdout).toContain("f0.proto:1:32: warning: Import google/protobuf/empty.proto is unused.");
  expect(run.stdout).toContain("… and 3 more warnings (all with --json)");
  expect(run.stdout).not.toContain(p.folder);
  expect(JSON.parse((await p.run("protos", "-o", "gen", "--json")).stdout).warnings).toHaveLength(8);
});

test("an --exclude that leaves nothing out is named", async () => {
  const p = project({
    "protos/a.proto": 'syntax = "proto3"; package a; message M {}',
    "protos/old/deep/b.proto": 'syntax = "proto3"; package b; message M {}',
    "protos/node_modules/c/c.proto": 'syntax = "proto3"; package c; message M {}',
  });
  const excludes = (...patterns: string[]) => patterns.flatMap((pattern) => ["--exclude", pattern]);
  const run = await p.run("protos", "-o", "gen", ...excludes("old", "vendr/**", "o*", "node_modules", "*_test.proto"));
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(run.stdout).toContain(
    '--exclude "vendr/**" leaves nothing out\n--exclude "*_test.proto" leaves nothing out\n',
  );
  expect(run.stdout).not.toMatch(/"(old|o\*|node_modules)" leaves/);
  const one = await p.run("protos/a.proto", "-o", "gen", "--json", ...excludes("a.proto"));
  expect(JSON.parse(one.stdout).warnings).toEqual(['--exclude "a.proto" leaves nothing out']);
});
