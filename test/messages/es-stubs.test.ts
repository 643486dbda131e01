import { wktPublicImportPaths } from "@bufbuild/protobuf/codegenv2";
import { describe, expect, test } from "vitest";
import { es } from "../../src/messages/es/stubs.js";

describe("messages of protobuf-es", () => {
  const moduleOf = (path: string, generated: readonly string[] = []) =>
    es.prepare(new Map()).flavour(new Set(generated)).module({ path, package: "", types: [] });

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
