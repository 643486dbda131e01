import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { sameButLayout } from "../../src/cli/output/same-layout.js";
import { echoProto, type Project, project } from "./support/project.js";

const require = createRequire(import.meta.url);
const folderOf = (name: string): string => dirname(require.resolve(`${name}/package.json`));

function formatted(config: Readonly<Record<string, string>>): Project {
  const p = project({ "package.json": '{"type":"module"}', "protos/a.proto": echoProto("a"), ...config });
  mkdirSync(p.path("node_modules/@biomejs"), { recursive: true });
  symlinkSync(folderOf("prettier"), p.path("node_modules/prettier"));
  symlinkSync(folderOf("@biomejs/biome"), p.path("node_modules/@biomejs/biome"));
  return p;
}

const configs = {
  prettier: {
    ".prettierrc":
      '{ "singleQuote": true, "semi": false, "tabWidth": 4, "trailingComma": "none", "arrowParens": "avoid" }',
  },
  biome: {
    "biome.json":
      '{ "javascript": { "formatter": { "quoteStyle": "single", "semicolons": "asNeeded", "trailingCommas": "none" } } }',
  },
};

function runFormatter(p: Project, name: keyof typeof configs): void {
  const [script, args] =
    name === "prettier"
      ? [join(folderOf("prettier"), "bin/prettier.cjs"), ["--write", "gen"]]
      : [join(folderOf("@biomejs/biome"), "bin/biome"), ["format", "--write", "gen"]];
  const run = spawnSync(process.execPath, [script, ...args], { cwd: p.folder, encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stdout + run.stderr);
}

describe.each(["prettier", "biome"] as const)("%s", (name) => {
  test("what it changed is told apart from drift, with advice", async () => {
    const p = formatted(configs[name]);
    const options = ["protos", "-o", "gen", "--opt", "target=ts+dts"];
    await p.run(...options);
    runFormatter(p, name);
    const run = await p.run(...options, "--check");
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^Formatted: gen\n {2}formatted a_grpc\.d\.ts\n {2}formatted a_grpc\.ts\n/);
    expect(run.stdout).not.toContain("stale");
    expect(run.stdout).toContain("--format-with prettier (or biome)");
    p.write("gen/a_pb.ts", p.read("gen/a_pb.ts").replace("text: string", "text: number"));
    expect((await p.run(...options, "--check")).stdout).toMatch(/^Out of date: gen\n {2}stale a_pb\.ts\n/);
  });

  test("--format-with runs it: what is written is what it would make of it, and --check agrees", async () => {
    const p = formatted(configs[name]);
    const options = ["protos", "-o", "gen", "--format-with", name];
    expect(await p.run(...options)).toMatchObject({ code: 0, stderr: "" });
    const written = p.list("gen").map((file) => p.read(`gen/${file}`));
    expect(written[0]).toContain("from 'gen-stubs-runtime/codec-es'\n");
    runFormatter(p, name);
    expect(p.list("gen").map((file) => p.read(`gen/${file}`))).toEqual(written);
    expect((await p.run(...options, "--check")).code).toBe(0);
    const plain = await p.run("protos", "-o", "gen", "--check", "--json");
    expect(JSON.parse(plain.stdout)).toMatchObject({ stale: [], layout: ["a_grpc.ts", "a_pb.ts"] });
  });
});

test("prettier leaves what it is told to ignore", async () => {
  const p = formatted({ ...configs.prettier, ".prettierignore": "gen/a_pb.ts\n" });
  await p.run("protos", "-o", "gen", "--format-with", "prettier");
  expect(p.read("gen/a_grpc.ts")).toContain("'./a_pb.js'");
  expect(p.read("gen/a_pb.ts")).toContain('"@bufbuild/protobuf"');
});

test("a formatter that is not there, or whose config is broken", async () => {
  const p = project({ "package.json": "{}", "protos/a.proto": echoProto("a") });
  const none = await p.run("protos", "-o", "gen", "--format-with", "prettier");
  expect(none).toMatchObject({ code: 3 });
  expect(none.stderr).toContain("GS4004: --format-with: the package prettier is not installed in this project");
  const wrong = await p.run("protos", "-o", "gen", "--format-with", "pretier");
  expect(wrong.stderr).toContain('GS1002: --format-with: there is no "pretier" (did you mean "prettier"?)');
  const broken = formatted({ ".prettierrc": "{{" });
  const run = await broken.run("protos", "-o", "gen", "--format-with", "prettier");
  expect(run).toMatchObject({ code: 3 });
  expect(run.stderr).toContain("gen/a_grpc.ts: error GS4005: the formatter failed: ");
  expect(broken.has("gen")).toBe(false);
});

describe("layout", () => {
  test.each<[name: string, a: string, b: string, same: boolean]>([
    ["lines and spaces", "a(b,c)", "a(\n  b,\n  c,\n)", true],
    ["quotes", `f("it's", "\\"")`, `f('it\\'s', '"')`, true],
    ["semicolons", "a;\nb;", "a\nb", true],
    ["commas at the end", "[1, 2,]", "[1, 2]", true],
    ["a bar before a union", "type A = | B | C", "type A = B | C", true],
    ["parentheses around a parameter", "(a) => b", "a => b", true],
    ["a comment moved", "/** a\n   b */", "/** a\n b */", true],
    ["another word", "a = 1", "a = 2", false],
    ["another string", '"a b"', '"a  b"', false],
    ["another comment", "// a", "// b", false],
    ["another order", "a; b", "b; a", false],
    ["members of a type", "type A = { a: 1, b: 2, }", "type A = { a: 1; b: 2 }", true],
    ["words that run together", "return a", "returna", false],
  ])("%s", (_name, a, b, same) => {
    expect(sameButLayout(a, b)).toBe(same);
  });
});
