import { wktPublicImportPaths } from "@bufbuild/protobuf/codegenv2";
import { describe, expect, test } from "vitest";
import { mapImport } from "../../src/emit/module-path.js";
import { es } from "../../src/messages/es/stubs.js";

describe("messages of protobuf-es", () => {
  const moduleOf = (path: string, generated: readonly string[] = []) =>
    es.prepare(new Map()).flavour(new Set(generated)).module({ path, package: "", imports: [], types: [] });

  test("of well-known files come from the runtime: the files that protoc-gen-es takes from there, and no others", () => {
    expect(Object.fromEntries(Object.keys(wktPublicImportPaths).map((file) => [file, moduleOf(file)]))).toEqual(
      wktPublicImportPaths,
    );
    expect(moduleOf("google/protobuf/unittest.proto")).toBe("./google/protobuf/unittest_pb.js");
  });

  test("of well-known files that are generated too come from there", () => {
    const file = "google/protobuf/timestamp.proto";
    expect(moduleOf(file, [file])).toBe("./google/protobuf/timestamp_pb.js");
  });
});

// protoc-gen-es' README, "map_imports".
test.for([
  ["buf/validate/", "buf/validate/validate.proto", true],
  ["buf/validate/", "buf/validate/sub/x.proto", true],
  ["buf/validate/", "buf/validate.proto", false],
  ["buf/*", "buf/a.proto", true],
  ["buf/*", "buf/sub/a.proto", false],
  ["buf/**", "buf/sub/a.proto", true],
  ["buf/**/a.proto", "buf/a.proto", true],
  ["buf/**/a.proto", "buf/x/y/a.proto", true],
  ["a.proto", "aXproto", false],
] as const)("map_imports: %s and %s: %s", ([pattern, file, matches]) => {
  const expected = matches ? `@x/gen/${file.replace(/\.proto$/, "")}` : undefined;
  expect(mapImport(file, [{ pattern, target: "@x/gen/" }])).toBe(expected);
});
