import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findProtoc } from "../../src/compile/find-protoc.js";
import { runProtocInParts } from "../../src/compile/protoc-parts.js";
import { splitFileSet } from "../../src/descriptors/file-set.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gen-stubs-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** In one run, and with each file in a run of its own. */
async function inBothWays(protos: Readonly<Record<string, string>>) {
  const files = Object.entries(protos).map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, `syntax = "proto3";\n${text}`);
    return { path, name, real: path };
  });
  const root = { virtual: "", folder };
  const protoc = await findProtoc(undefined, folder);
  const inputs = { roots: [root], inputRoots: [root], files };
  const whole = await runProtocInParts(protoc, inputs, { cwd: folder });
  const parts = await runProtocInParts(protoc, inputs, { cwd: folder }, 1);
  return { whole, parts };
}

test("parts give the descriptors of one run, each file once and after what it imports", async () => {
  const { whole, parts } = await inBothWays({
    "a.proto": 'package a; import "c.proto"; message A { c.C c = 1; }',
    "b.proto": 'package b; import "c.proto"; import "google/protobuf/any.proto"; message B { c.C c = 1; }',
    "c.proto": "package c; // With a comment.\nmessage C {}",
  });
  expect(whole.descriptors).toBeDefined();
  const expected = splitFileSet(whole.descriptors ?? new Uint8Array());
  const found = splitFileSet(parts.descriptors ?? new Uint8Array());
  expect([...found.keys()]).toEqual([...expected.keys()]);
  for (const [name, file] of expected) expect(found.get(name)).toEqual(file);
  expect(parts.stderr).toBe(whole.stderr);
  expect(parts.stderr).toContain("any.proto is unused");
});

test("errors are those of one run, whichever part has them", async () => {
  const { whole, parts } = await inBothWays({
    "a.proto": "message A {}",
    "b.proto": "message B { Nothing n = 1; }",
    "c.proto": "message C { Nowhere n = 1; }",
  });
  expect(parts).toEqual(whole);
  expect(parts.descriptors).toBeUndefined();
  expect(parts.stderr).toContain('b.proto:2:13: "Nothing" is not defined');
});

test("a name that two parts declare is refused as in one run", async () => {
  const { whole, parts } = await inBothWays({
    "a.proto": "package p; message Same {}",
    "b.proto": "package p; message Same {}",
  });
  expect(parts).toEqual(whole);
  expect(parts.stderr).toContain('"p.Same" is already defined');
});
