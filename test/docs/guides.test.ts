import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeBlocks } from "../readme/blocks.js";
import { type FollowedProject, followPage } from "../readme/follow.js";
import { ReadmeProject } from "../readme/project.js";
import { repository } from "../support/packed.js";
import { GuideProject } from "./guide-project.js";

const docs = join(repository, "docs");
const pages = ["start", "guides", "coming-from"]
  .flatMap((folder) => readdirSync(join(docs, folder)).map((file) => `${folder}/${file}`))
  .concat("index.md")
  .filter((file) => file.endsWith(".md"));
const setup = codeBlocks(readFileSync(join(docs, "start/setup.md"), "utf8"));
const setupFiles = setup.flatMap(({ attributes, text }) => {
  const path = attributes.get("file");
  return path === undefined || path === "src/try.ts" ? [] : [{ path, text }];
});

interface Project extends FollowedProject {
  stop(): Promise<void>;
}

/**
 * `GEN_STUBS_GUIDES=packed` (`npm run test:newcomer`): where a newcomer follows them, a folder of its own outside of this repository, with
 * the packages as they are shipped, and whatever else a page installs by its own commands.
 */
const packed = process.env["GEN_STUBS_GUIDES"] === "packed";
let first: Promise<ReadmeProject> | undefined;

async function projectOf(page: string): Promise<Project> {
  const name = page.replace(/\W/g, "-");
  if (!packed) return await GuideProject.create(name, setupFiles);
  if (page === "start/setup.md" || page === "start/tutorial.md") return await ReadmeProject.create();
  first ??= followSetup();
  return await (await first).copy(name);
}

/** The commands and files of `start/setup.md`, up to its program. */
async function followSetup(): Promise<ReadmeProject> {
  const project = await ReadmeProject.create();
  for (const { language, attributes, text } of setup) {
    const path = attributes.get("file");
    if (path === "src/try.ts") break;
    if (path !== undefined) await project.write(path, text);
    else if (language === "sh") expect(await project.sh(text)).toMatchObject({ code: 0 });
  }
  return project;
}

/** Each page is followed from top to bottom in a project of its own: that of `start/setup.md`. */
describe.each(pages)("docs/%s", (page) => {
  const text = readFileSync(join(docs, page), "utf8");
  let project: Project;

  beforeAll(async () => {
    project = await projectOf(page);
  }, 600_000);

  afterAll(() => project?.stop());

  followPage(codeBlocks(text), () => project, "as written");

  test("its links lead to files", () => {
    const paths = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, path]) => path ?? "");
    expect(paths.filter((path) => !existsSync(join(docs, dirname(page), path)))).toEqual([]);
  });
});
