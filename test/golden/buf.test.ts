import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filesIn, goldenCases } from "../../scripts/golden/cases.js";

const root = process.cwd();
const buf = createRequire(import.meta.url).resolve("@bufbuild/buf/bin/buf");

test.for(["route-guide", "imported-messages", "well-known-types", "comments", "edition-2023", "target-js-dts"])(
  "buf generate makes the same of %s as protoc, byte for byte",
  (name) => {
    const golden = goldenCases(root).find((one) => one.name === name)!;
    const folder = join(root, ".cache/golden/buf", name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    cpSync(join(golden.folder, "input"), join(folder, "proto"), { recursive: true });
    const plugin = { local: ["node", join(root, "bin/protoc-gen-stubs.js")], out: "gen", opt: golden.options };
    const config = { version: "v2", inputs: [{ directory: "proto" }], plugins: [plugin] };
    // Every JSON text is a YAML text.
    writeFileSync(join(folder, "buf.gen.yaml"), JSON.stringify(config));
    execFileSync(process.execPath, [buf, "generate"], { cwd: folder, stdio: "pipe" });

    const expected = join(golden.folder, "expected");
    expect(existsSync(expected)).toBe(true);
    expect(filesIn(join(folder, "gen"))).toEqual(filesIn(expected));
    for (const file of filesIn(expected)) {
      expect(readFileSync(join(folder, "gen", file)).equals(readFileSync(join(expected, file)))).toBe(true);
    }
  },
);
