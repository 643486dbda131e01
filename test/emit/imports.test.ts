import { describe, expect, test } from "vitest";
import { Imports } from "../../src/emit/imports.js";
import { rewrite, specifier } from "../../src/emit/module-path.js";

describe("imports", () => {
  const imports = new Imports();
  imports.add({ module: "./b.js", name: "B", typeOnly: true });
  imports.add({ module: "./b.js", name: "as", typeOnly: true }, "as$");
  imports.add({ module: "pkg", name: "value", typeOnly: true });
  imports.add({ module: "pkg", name: "value", typeOnly: false });
  imports.add({ module: "pkg", name: "Type", typeOnly: true });
  imports.add({ module: "../a.js", name: "A", typeOnly: true });

  test("are sorted, packages first, and types are marked", () => {
    expect(imports.print("ts")).toBe(
      'import { type Type, value } from "pkg";\n' +
        'import type { A } from "../a.js";\n' +
        'import type { B, as as as$ } from "./b.js";\n',
    );
  });

  test("are values only in JavaScript, and types only in declarations", () => {
    expect(imports.print("js")).toBe('import { value } from "pkg";\n');
    expect(imports.printRequires()).toBe('const { value } = require("pkg");\n');
    expect(imports.print("dts")).toContain('import type { Type, value } from "pkg";\n');
  });
});

test.for([
  ["./a_pb.js", "a_grpc.ts", "./a_pb.js"],
  ["./a/b_pb.js", "a/c_grpc.ts", "./b_pb.js"],
  ["./a/b_pb.js", "c/d/e_grpc.ts", "../../a/b_pb.js"],
  ["./b_pb.js", "a/c_grpc.ts", "../b_pb.js"],
  ["./a/a/b_pb.js", "a/b/c_grpc.ts", "../a/b_pb.js"],
  ["../messages/a_pb.js", "a/c_grpc.ts", "../../messages/a_pb.js"],
  ["@acme/types/a_pb.js", "a/c_grpc.ts", "@acme/types/a_pb.js"],
] as const)("%s is imported in %s from %s", ([module, importer, expected]) => {
  expect(specifier(module, importer, "js")).toBe(expected);
});

test("the extension of paths is as asked for; that of packages is theirs", () => {
  expect(specifier("./a_pb.js", "b.ts", "none")).toBe("./a_pb");
  expect(specifier("./a_pb.js", "b.ts", "ts")).toBe("./a_pb.ts");
  expect(specifier("./a_pb.mjs", "b.ts", "as-is")).toBe("./a_pb.mjs");
  expect(specifier("pkg/a_pb.js", "b.ts", "none")).toBe("pkg/a_pb.js");
});

test.for([
  ["./a/b_pb.js", "./a/*:@acme/types", "@acme/types/a/b_pb.js"],
  ["./a/b_pb.js", "./**/*_pb.js:../messages/", "../messages/a/b_pb.js"],
  ["./a_pb.js", "./**/*_pb.js:../messages/", "../messages/a_pb.js"],
  ["./a/b/c_pb.js", "./a/*:@acme/types", "./a/b/c_pb.js"],
  ["@bufbuild/protobuf/wkt", "@bufbuild/protobuf/wkt:@acme/wkt", "@acme/wkt"],
  ["./a.b_pb.js", "./aXb_pb.js:no", "./a.b_pb.js"],
] as const)("%s with rewrite_imports=%s is %s", ([module, option, expected]) => {
  const [pattern, target] = option.split(":") as [string, string];
  expect(rewrite(module, [{ pattern, target }])).toBe(expected);
});
