import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema } from "@bufbuild/protobuf/wkt";
import { ts } from "ts-morph";
import { describe, expect, test } from "vitest";
import { compile, request } from "./request.js";

const root = process.cwd();
const plugin = join(root, "bin/protoc-gen-stubs.js");

test("the plugin loads nothing but its own modules and Node's, which is what its quick start depends on", () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  (function visit(file: string): void {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { fileName } of ts.preProcessFile(readFileSync(file, "utf8")).importedFiles) {
      if (fileName.startsWith(".")) visit(resolve(dirname(file), fileName));
      else packages.add(fileName);
    }
  })(plugin);
  expect(seen.size).toBeGreaterThan(15);
  expect([...packages].filter((name) => !name.startsWith("node:"))).toEqual([]);
});

describe("the process", () => {
  test("answers an empty request with an empty response", () => {
    const { status, stdout, stderr } = spawnSync(plugin, { input: "" });
    expect({ status, stderr: `${stderr}` }).toEqual({ status: 0, stderr: "" });
    // supported_features 3, minimum_edition 998, maximum_edition 1002
    expect([...stdout]).toEqual([0x10, 3, 0x18, 0xe6, 0x07, 0x20, 0xea, 0x07]);
  });

  test("says in one line what is wrong with input that is no request, and exits with 1", () => {
    const { status, stdout, stderr } = spawnSync(plugin, { input: Buffer.from("no request at all") });
    expect(`${stderr}`).toMatch(/^protoc-gen-stubs: the input is no CodeGeneratorRequest: .* \[malformed-request\]\n$/);
    expect({ status, stdout: `${stdout}` }).toEqual({ status: 1, stdout: "" });
  });

  test("reads no more than a limit, and says which", () => {
    const stdio = new URL("../../dist/plugin/stdio.js", import.meta.url);
    const script = `import { readStdin } from "${stdio}"; console.log((await readStdin(3_000_000)).length);`;
    const run = (size: number) =>
      spawnSync(process.execPath, ["--input-type=module", "-e", script], {
        input: Buffer.alloc(size),
        encoding: "utf8",
      });
    expect(run(3_000_000).stdout).toBe("3000000\n");
    const { status, stderr } = run(3_000_001);
    expect(stderr).toContain("the input is longer than 3000000 bytes, the longest CodeGeneratorRequest that is read;");
    expect(stderr).toContain("request-too-large");
    expect(status).toBe(1);
  });

  test("explains itself to who calls it by hand", () => {
    const { status, stdout, stderr } = spawnSync(plugin, ["--help"], { input: "" });
    expect(`${stderr}`).toContain("--plugin=protoc-gen-stubs=");
    expect({ status, stdout: `${stdout}` }).toEqual({ status: 0, stdout: "" });
    expect(spawnSync(plugin, ["route_guide.proto"], { input: "" }).status).toBe(1);
  });

  test("takes and gives more than a pipe holds", () => {
    const method = (name: string) => `rpc ${name}(M) returns (M);`;
    const methods = Array.from({ length: 5000 }, (_, index) => method(`M${index}`)).join("\n");
    const files = compile({ "big.proto": `syntax = "proto3";\nservice S {\n${methods}\n}\nmessage M {}\n` });
    const { status, stdout } = spawnSync("sh", ["-c", `cat | "${plugin}" | cat`], {
      input: toBinary(CodeGeneratorRequestSchema, request(files)),
      maxBuffer: 1 << 28,
    });
    expect(status).toBe(0);
    expect(`${stdout}`.match(/@generated from rpc/g)).toHaveLength(10_000);
  });
});
