import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";

const runtime = join(import.meta.dirname, "../../src/runtime");

/** A bundle for browsers, which fails where a module of Node's is imported. */
async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(runtime, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}

test("resume and bytes are bundled for browsers, each in less than 20 kB", async () => {
  for (const entry of ["resume.ts", "bytes.ts"]) {
    const text = await bundled(entry);
    console.log(`${entry}: ${(text.length / 1000).toFixed(1)} kB`);
    expect(text.length).toBeGreaterThan(1_000);
    expect(text.length).toBeLessThan(20_000);
    expect(text).not.toMatch(/from\s*"node:|import\("node:|require\(/);
  }
});
