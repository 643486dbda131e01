import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../support/packed.js";

const pages = [
  ...[
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "RELEASING.md",
    "SECURITY.md",
    "src/runtime/README.md",
  ],
  ...["docs", "docs/start", "docs/coming-from", "docs/contributing"].flatMap((folder) =>
    readdirSync(join(repository, folder)).map((name) => `${folder}/${name}`),
  ),
].filter((name) => name.endsWith(".md"));

/** How a heading is linked to: lower case, without punctuation, blanks as hyphens. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

// npm shows relative links by the `repository` field of the package: what is there in the repository is alive there too.
test.each(pages)("%s: no relative link is dead", (page) => {
  const text = readFileSync(join(repository, page), "utf8").replace(/^```[\s\S]*?^```$/gm, "");
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  const dead = targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? join(repository, page) : join(repository, dirname(page), path);
      if (relative(repository, file).startsWith("..") || !existsSync(file)) return true;
      return anchor !== undefined && !anchors(readFileSync(file, "utf8")).includes(anchor);
    });
  expect(dead).toEqual([]);
});
