import { describe, expect, test } from "vitest";
import { declaredEdition } from "../../src/compile/editions.js";
import { majorVersion } from "../../src/compile/find-protoc.js";
import { importSources } from "../../src/compile/known-imports.js";
import { scanProto } from "../../src/compile/proto-scan.js";

describe("scanProto", () => {
  test.each<[string, string, { package: string; imports: string[] }]>([
    ["nothing", "", { package: "", imports: [] }],
    [
      "all kinds of imports",
      `import "a";import public 'b';import weak "c"; import option "d";`,
      { package: "", imports: ["a", "b", "c", "d"] },
    ],
    ["a package with blanks", "package a .\n b ;", { package: "a.b", imports: [] }],
    ["comments", '// import "a";\n/* package b; import "c"; */ package d;', { package: "d", imports: [] }],
    ["strings", 'option x = "import \\"a\\"; // "; import "b";', { package: "", imports: ["b"] }],
    [
      "names that only look alike",
      'message important { string import_ = 1; } packages; import "a"',
      { package: "", imports: [] },
    ],
  ])("%s", (_name, text, expected) => {
    expect(scanProto(text)).toEqual(expected);
  });
});

test.each([
  ['edition = "2023";', "2023"],
  ["// c\n  edition='2024' ;", "2024"],
  ['syntax = "proto3";', undefined],
])("declaredEdition(%j)", (text, expected) => {
  expect(declaredEdition(text)).toBe(expected);
});

test.each([
  ["3.21.12", 21],
  ["3.6.1", 6],
  ["27.0", 27],
  ["36.2", 36],
])("majorVersion(%s)", (version, expected) => {
  expect(majorVersion(version)).toBe(expected);
});

test("every source of well-known imports says what to do, and none is hidden by one before it", () => {
  for (const [index, source] of importSources.entries()) {
    expect(source.npm !== undefined || source.advice !== undefined).toBe(true);
    const earlier = importSources.slice(0, index).find(({ prefix }) => source.prefix.startsWith(prefix));
    expect(earlier?.prefix).toBeUndefined();
  }
});
