/** Gives `gen-stubs` and the runtime's sources the version that changesets gave `gen-stubs-runtime`: they are released together. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "src/runtime/package.json"), "utf8"));

rewrite("package.json", /^( {2}"version": ")[^"]*/m);
rewrite("src/runtime/core/version.ts", /(VERSION = ")[^"]*/);
console.log(`version ${version}; now \`npm install --package-lock-only\`, and the heading in CHANGELOG.md`);

function rewrite(path: string, pattern: RegExp): void {
  const text = readFileSync(join(root, path), "utf8");
  if (!pattern.test(text)) throw new Error(`${path}: no version found`);
  writeFileSync(
    join(root, path),
    text.replace(pattern, (_, before: string) => `${before}${version}`),
  );
}
