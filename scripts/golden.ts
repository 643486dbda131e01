/** Rewrites what the golden cases expect, with the plugin as it is. Look at the diff before you commit it. */
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { goldenCases, runProtoc } from "./golden/cases.js";

const root = process.cwd();
for (const golden of goldenCases(root)) {
  const out = join(root, ".cache/golden/rewrite", golden.name);
  const error = await runProtoc(root, golden, { plugin: "bin/protoc-gen-stubs.js", options: golden.options, out });
  const { expected, expectedError } = golden;
  rmSync(expected, { recursive: true, force: true });
  rmSync(expectedError, { force: true });
  if (error === undefined) cpSync(out, expected, { recursive: true });
  else writeFileSync(expectedError, error);
  console.log(`${golden.name}${error === undefined ? "" : `: ${error.trim()}`}`);
}
