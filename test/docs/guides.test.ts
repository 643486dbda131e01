import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeBlocks } from "../readme/blocks.js";
import { followPage } from "../readme/follow.js";
import { repository } from "../support/packed.js";
import { GuideProject } from "./guide-project.js";

const docs = join(repository, "docs");
const pages = ["start", "guides", "coming-from"].flatMap((folder) =>
  readdirSync(join(docs, folder))
    .filter((file) => file.endsWith(".md"))
    .map((file) => `${folder}/${file}`),
);
const weatherProto = codeBlocks(readFileSync(join(repository, "README.md"), "utf8")).find(
  ({ attributes }) => attributes.get("file") === "protos/weather.proto",
)?.text;

/**
 * The guides are followed as the README is, each in a project of its own that has the README's Weather service. Snippets may
 * use what `test/readme/snippet-context.ts` exports.
 */
describe.each(pages)("docs/%s", (page) => {
  const text = readFileSync(join(docs, page), "utf8");
  let project: GuideProject;

  beforeAll(async () => {
    if (weatherProto === undefined) throw new Error("the README's weather.proto is gone");
    project = await GuideProject.create(basename(page, ".md"), weatherProto);
  }, 120_000);

  afterAll(() => project?.stop());

  followPage(codeBlocks(text), () => project);

  test("its links lead to files", () => {
    const paths = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, path]) => path ?? "");
    expect(paths.filter((path) => !existsSync(join(docs, dirname(page), path)))).toEqual([]);
  });
});
