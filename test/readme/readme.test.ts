import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repository } from "../support/packed.js";
import { codeBlocks } from "./blocks.js";
import { followPage } from "./follow.js";
import { ReadmeProject } from "./project.js";

const readme = readFileSync(join(repository, "README.md"), "utf8");
const blocks = codeBlocks(readme);

/** The README is followed in an empty project, with the packages as they are shipped. */
describe("README", () => {
  let project: ReadmeProject;

  beforeAll(async () => {
    project = await ReadmeProject.create();
  }, 120_000);

  afterAll(() => project?.stop());

  followPage(blocks, () => project);

  test("every file is used by a command", () => {
    const commands = blocks
      .filter(({ language }) => language === "sh")
      .map(({ text }) => text)
      .join("\n");
    const unused = blocks
      .flatMap(({ attributes }) => attributes.get("file") ?? [])
      .filter((file) => !file.startsWith(".github/workflows/"))
      .filter((file) => {
        if (file === "buf.gen.yaml") return !commands.includes("buf generate");
        return !commands.includes(file) && !commands.includes(file.split("/")[0] + "/");
      });
    expect(unused).toEqual([]);
  });
});

const init = "npm init -y && npm pkg set type=module";

/** As the README says: the same files, without the command that makes it a project of ES modules; and with none before `npm install`. */
describe.each([
  ["as npm 11 and later write it", "npm init -y && npm pkg set type=commonjs", "commonjs"],
  ["that npm install makes in an empty folder", ":", undefined],
])("README's quick start in a CommonJS project %s", (_name, instead, type) => {
  const end = readme.slice(0, readme.indexOf("\n## What you would write otherwise")).split("\n").length;
  const start = blocks
    .filter(({ line }) => line < end)
    .map((block) => ({ ...block, text: block.text.replace(init, instead) }));
  let project: ReadmeProject;

  beforeAll(async () => {
    project = await ReadmeProject.create();
  }, 120_000);

  afterAll(() => project?.stop());

  followPage(start, () => project);

  test("it was one", async () => {
    expect(readme).toContain(init);
    const manifest = JSON.parse(await readFile(join(project.folder, "package.json"), "utf8"));
    expect(manifest.type).toBe(type);
  });
});
