import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import { isRecord } from "./check-config.js";

/** Names of a config file, beside the key "gen-stubs" in package.json. */
export const configNames: readonly string[] = ["ts", "mts", "js", "mjs", "json"].map(
  (extension) => `gen-stubs.config.${extension}`,
);

/**
 * The config file that counts in a folder: the one in it, or in the nearest folder above, up to the project's root (where
 * package.json is).
 *
 * @returns an absolute path; that of a package.json where the config is its key "gen-stubs"
 * @throws GenStubsError GS1006 where there are two.
 */
export function findConfig(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    const found = configNames.map((name) => join(folder, name)).filter((path) => existsSync(path));
    if (hasKey(manifest)) found.push(manifest);
    if (found.length > 1) {
      throw new GenStubsError({
        code: "GS1006",
        message: `there are two configs: ${found.map((path) => path.slice(folder.length + 1)).join(" and ")}`,
        hint: "keep one of them, or choose with --config",
      });
    }
    if (found[0] !== undefined) return found[0];
    if (folder === dirname(folder) || existsSync(manifest) || existsSync(join(folder, ".git"))) return undefined;
  }
}

function hasKey(manifest: string): boolean {
  try {
    const json: unknown = JSON.parse(readFileSync(manifest, "utf8"));
    return isRecord(json) && "gen-stubs" in json;
  } catch {
    return false;
  }
}
