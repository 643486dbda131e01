import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { codeBlocks } from "../readme/blocks.js";
import { repository } from "../support/packed.js";

const docs = join(repository, "docs");
const pages = ["guides", "coming-from"].flatMap((folder) =>
  readdirSync(join(docs, folder))
    .filter((file) => file.endsWith(".md"))
    .map((file) => `${folder}/${file}`),
);
const setup = installed(readFileSync(join(docs, "start/setup.md"), "utf8"));

/** The packages that a page's commands install, by name. */
function installed(text: string): ReadonlySet<string> {
  const commands = codeBlocks(text)
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => [...text.matchAll(/npm install (.*)/g)].map(([, words = ""]) => words));
  const names = commands.flatMap((words) => words.split(/\s+/)).filter((word) => word !== "" && !word.startsWith("-"));
  return new Set(names.map((name) => name.replace(/(?!^)@[^/]*$/, "")));
}

/** The packages that a program imports. */
function imported(program: string): string[] {
  const paths = [...program.matchAll(/(?:from|import|import\() ?"([^".][^"]*)"/g)].map(([, path = ""]) => path);
  return paths.filter((path) => !path.startsWith("node:")).map((path) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path);
}

/** What somebody needs who has nothing but the pages. */
describe.each(pages)("docs/%s, for a newcomer", (page) => {
  const text = readFileSync(join(docs, page), "utf8");
  const programs = codeBlocks(text).filter(
    ({ language, attributes }) => /^[jt]sx?$/.test(language) && !attributes.has("quotes"),
  );

  test("installs every package that its programs import", () => {
    const there = new Set([...setup, ...installed(text)]);
    const wanted = programs.flatMap((block) => imported(block.text));
    expect([...new Set(wanted)].filter((name) => !there.has(name))).toEqual([]);
  });

  test("leads to the project that its programs and commands run in", () => {
    const needs =
      programs.some((block) => /"\.\/(?:src\/)?(?:setup|gen\/weather)/.test(block.text)) || /\bprotos\//.test(text);
    if (needs) expect(text).toContain("](../start/setup.md)");
  });
});

test("every block is run or type-checked, but for one command", () => {
  const notRun = ["start", "guides", "coming-from"]
    .flatMap((folder) => readdirSync(join(docs, folder)).map((file) => `${folder}/${file}`))
    .flatMap((page) => codeBlocks(readFileSync(join(docs, page), "utf8")).map((block) => ({ page, ...block })))
    .filter(({ attributes }) => attributes.has("not-run"));
  expect(notRun.map(({ page }) => page)).toEqual(["coming-from/google-protobuf.md"]);
  // Its binary is downloaded from GitHub by an install script.
  expect(notRun[0]?.text).toMatch(/^grpc_tools_node_protoc .*$/);
});

test("the README of the runtime names every entry point", () => {
  const runtime = join(repository, "src/runtime");
  const { exports } = JSON.parse(readFileSync(join(runtime, "package.json"), "utf8"));
  const readme = readFileSync(join(runtime, "README.md"), "utf8");
  const entries = Object.keys(exports).filter((path) => path !== "./package.json" && path !== ".");
  expect(entries.filter((path) => !new RegExp(`\`(?:gen-stubs-runtime|…)/${path.slice(2)}\``).test(readme))).toEqual(
    [],
  );
});
