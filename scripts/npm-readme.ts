/**
 * `node npm-readme.js`, run by npm before it packs: the README gets absolute links, for what it links to is not in the package.
 * `node npm-readme.js --restore`, run after: the README as it was. In the repository links are relative, and work in every branch.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { absoluteLinks } from "./readme/absolute-links.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [readme, kept] = [join(root, "README.md"), join(root, ".cache/npm-readme/README.md")];

if (process.argv.includes("--restore")) {
  if (existsSync(kept)) {
    writeFileSync(readme, readFileSync(kept));
    rmSync(kept);
  }
} else {
  const text = readFileSync(readme, "utf8");
  const { repository } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(kept, text);
  writeFileSync(readme, absoluteLinks(text, repository.url));
}
