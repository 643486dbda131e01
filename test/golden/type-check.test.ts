import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Service } from "gen-stubs-runtime";
import { beforeAll, describe, expect, test } from "vitest";
import { type GoldenCase, goldenCases, messagePlugin, type PluginRun, runProtoc } from "../../scripts/golden/cases.js";
import { compilers, typeCheck } from "./type-check.js";

const root = process.cwd();
const folder = join(root, ".cache/golden/type-check");

const cases = goldenCases(root).filter((golden) => existsSync(golden.expected));
/** Without extensions, imports are for bundlers; all others are checked as Node resolves them. */
const forBundlers = cases.filter(({ options }) => !options.some((option) => option.startsWith("import_extension=")));
const forNode = cases.filter((golden) => !forBundlers.includes(golden));

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await Promise.all(cases.map(placeBesideMessages));
}, 120_000);

describe("the compiler finds nothing wrong with the expected stubs", () => {
  const all = Object.keys(compilers) as (keyof typeof compilers)[]; // the keys of the object above
  test.each(all)("%s, as Node resolves modules", { timeout: 120_000 }, (compiler) => {
    const include = forNode.map(({ name }) => name);
    expect(include.length).toBeGreaterThan(20);
    expect(typeCheck(root, { compiler, folder, module: "NodeNext", include })).toBe("");
  });

  test("as bundlers resolve modules", { timeout: 120_000 }, () => {
    const include = forBundlers.map(({ name }) => name);
    expect(include.length).toBeGreaterThan(0);
    expect(typeCheck(root, { compiler: "TypeScript 7", folder, module: "bundler", include })).toBe("");
  });
});

test("stubs in JavaScript export what those in TypeScript export, and call the same", async () => {
  const js = await import(join(folder, "target-js-dts/data_grpc.js"));
  const ts = await import(join(folder, "data/data_grpc.ts"));
  expect(Object.keys(js)).toEqual(Object.keys(ts));
  const methods = ({ methods }: Service) => [...methods].map(([name, { kind, path }]) => ({ name, kind, path }));
  expect(methods(js.DataServiceService)).toEqual(methods(ts.DataServiceService));
  expect(() => new js.UnimplementedDataService().getData({}, {})).toThrow(
    "/streaming.DataService/GetData is not implemented",
  );
});

/** Messages as a package has them. */
const packaged = { plugin: "node_modules/.bin/protoc-gen-es", options: ["target=js+dts", "import_extension=js"] };

/** Puts the expected stubs of a case where they find the messages they import. */
async function placeBesideMessages(golden: GoldenCase): Promise<void> {
  const out = join(folder, golden.name);
  const isApart = golden.options.some((option) => option.startsWith("rewrite_imports="));
  const messages = isApart ? join(out, "messages") : out;
  await generateMessages(golden, messages, ["input", "include"], messagePlugin(golden));
  if (existsSync(join(golden.folder, "include"))) {
    for (const place of ["node_modules/@acme/types", "elsewhere"]) {
      await generateMessages(golden, join(out, place), ["include"], packaged);
    }
  }
  cpSync(golden.expected, isApart ? join(out, "stubs") : out, { recursive: true });
}

async function generateMessages(
  golden: GoldenCase,
  out: string,
  from: readonly ("input" | "include")[],
  plugin: Pick<PluginRun, "plugin" | "options">,
): Promise<void> {
  expect(await runProtoc(root, golden, { ...plugin, out, from })).toBeUndefined();
}
