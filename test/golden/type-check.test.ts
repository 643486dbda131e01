import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { esOptions, type GoldenCase, goldenCases, runProtoc } from "../../scripts/golden/cases.js";
import { compilers, typeCheck } from "./type-check.js";

const root = process.cwd();
const folder = join(root, ".cache/golden/type-check");
const plugin = "node_modules/.bin/protoc-gen-es";

const cases = goldenCases(root).filter((golden) => existsSync(join(golden.folder, "expected")));
/** Without extensions, imports are for bundlers; all others are checked as Node resolves them. */
const forBundlers = cases.filter(({ options }) => !options.some((option) => option.startsWith("import_extension=")));
const forNode = cases.filter((golden) => !forBundlers.includes(golden));

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await Promise.all(cases.map(placeBesideMessages));
}, 120_000);

describe.each(Object.keys(compilers) as (keyof typeof compilers)[])("%s finds nothing wrong", (compiler) => {
  test("with the expected stubs, as Node resolves modules", { timeout: 120_000 }, () => {
    const include = forNode.map(({ name }) => name);
    expect(include.length).toBeGreaterThan(20);
    expect(typeCheck(root, { compiler, folder, module: "NodeNext", include })).toBe("");
  });

  test("with the expected stubs, as bundlers resolve modules", { timeout: 120_000 }, () => {
    const include = forBundlers.map(({ name }) => name);
    expect(include.length).toBeGreaterThan(0);
    expect(typeCheck(root, { compiler, folder, module: "bundler", include })).toBe("");
  });
});

/** Puts the expected stubs of a case where they find the messages they import, which protoc-gen-es makes. */
async function placeBesideMessages(golden: GoldenCase): Promise<void> {
  const out = join(folder, golden.name);
  const isApart = golden.name === "rewrite-imports";
  const messages = isApart ? join(out, "messages") : out;
  await generateMessages(golden, messages, ["input", "include"], esOptions(golden));
  if (existsSync(join(golden.folder, "include"))) {
    for (const place of ["node_modules/@acme/types", "elsewhere"]) {
      await generateMessages(golden, join(out, place), ["include"], ["target=js+dts", "import_extension=js"]);
    }
  }
  cpSync(join(golden.folder, "expected"), isApart ? join(out, "stubs") : out, { recursive: true });
}

async function generateMessages(
  golden: GoldenCase,
  out: string,
  from: readonly ("input" | "include")[],
  options: readonly string[],
): Promise<void> {
  expect(await runProtoc(root, golden, { plugin, options, out, from })).toBeUndefined();
}
