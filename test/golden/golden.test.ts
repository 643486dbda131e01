import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { filesIn, goldenCases, runProtoc } from "../../scripts/golden/cases.js";

const root = process.cwd();

describe("what protoc and the plugin make of each fixture is what is expected, file by file", () => {
  test.concurrent.for(goldenCases(root).map((golden) => [golden.name, golden] as const))(
    "%s",
    async ([name, golden], { expect }) => {
      const out = join(root, ".cache/golden/actual", name);
      const error = await runProtoc(root, golden, { plugin: "bin/protoc-gen-stubs.js", options: golden.options, out });
      const { expected, expectedError } = golden;
      expect(error).toBe(existsSync(expectedError) ? readFileSync(expectedError, "utf8") : undefined);
      expect(contents(out)).toEqual(contents(expected));
      expect(existsSync(expected), "a case has either files or an error to expect").toBe(error === undefined);
    },
  );
});

function contents(folder: string): Record<string, string> {
  return Object.fromEntries(filesIn(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]));
}
