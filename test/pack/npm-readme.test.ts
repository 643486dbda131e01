import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { absoluteLinks } from "../../scripts/readme/absolute-links.js";
import { repository } from "../support/packed.js";

const read = (path: string): string => readFileSync(join(repository, path), "utf8");
const manifest = JSON.parse(read("package.json"));

describe("the README that npm shows", () => {
  const links = (text: string) =>
    [...text.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);

  test.each(["README.md", "src/runtime/README.md"])(
    "%s: every link is absolute, and those to this repository lead to a file",
    (path) => {
      const shown = links(path === "README.md" ? absoluteLinks(read(path), manifest.repository.url) : read(path));
      expect(shown.length).toBeGreaterThan(0);
      expect(shown.filter((target) => !target.startsWith("https://"))).toEqual([]);
      const ours = shown.flatMap((target) => /gen-stubs\/(?:blob|raw)\/HEAD\/([^#]+)/.exec(target)?.[1] ?? []);
      expect(ours.filter((file) => !existsSync(join(repository, file)))).toEqual([]);
      expect(ours.length > 40).toBe(path === "README.md");
    },
  );

  test("code, anchors and absolute links stay as they are", () => {
    const text = "[a](docs/a.md#b) ![c](docs/c.svg) [d](#e) [f](https://f.example)\n```md\n[g](h)\n```\n[i](j)\n";
    expect(absoluteLinks(text, "git+https://github.com/me/it.git")).toBe(
      "[a](https://github.com/me/it/blob/HEAD/docs/a.md#b) ![c](https://github.com/me/it/raw/HEAD/docs/c.svg) [d](#e) " +
        "[f](https://f.example)\n```md\n[g](h)\n```\n[i](https://github.com/me/it/blob/HEAD/j)\n",
    );
  });

  test("is made when npm packs, and undone afterwards", () => {
    expect(manifest.scripts.prepack).toMatch(/ && node \.cache\/scripts\/npm-readme\.js$/);
    expect(manifest.scripts.postpack).toBe("node .cache/scripts/npm-readme.js --restore");
  });

  test("the runtime's names every entry", () => {
    const { exports } = JSON.parse(read("src/runtime/package.json"));
    const text = read("src/runtime/README.md");
    const entries = Object.keys(exports).filter((path) => path !== "./package.json");
    expect(entries.filter((path) => !text.includes(`\`${path.replace(".", "gen-stubs-runtime")}\``))).toEqual([]);
  });
});
