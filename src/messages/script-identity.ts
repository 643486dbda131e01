import { readFileSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";

/** Name, version and place of the package that a generator's script belongs to. */
export function scriptIdentity(packageName: string, script: string): string {
  const path = realpathSync(script);
  const manifest = createRequire(path).resolve(`${packageName}/package.json`);
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  // Patched packages, and links to sources, have an unchanged version.
  return `${packageName} ${version} ${path} ${statSync(path).mtimeMs} ${statSync(manifest).mtimeMs}`;
}
