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
