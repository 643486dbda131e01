import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it.each(["channelz", "errors", "health", "reflection"])(
  "the generated code of %s is what the generator writes",
  async (name) => {
    const folder = `src/runtime/${name}`;
    const args = [
      "bin/gen-stubs.js",
      `${folder}/proto`,
      "--out",
      `${folder}/gen`,
      "--messages-opt",
      "erasable_syntax=true",
    ];
    const { stdout } = await promisify(execFile)(process.execPath, [...args, "--check"]);
    expect(stdout).toBeTypeOf("string");
  },
);
